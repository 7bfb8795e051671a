// SPDX-License-Identifier: Apache-2.0
#include "scenarios/checklist/container.h"

#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

int ready_end = -1;  // the child's: a container's body has no other way to say it

bool reads_byte(int file) {
  char byte;
  return ::read(file, &byte, 1) == 1;
}
bool writes_byte(int file) { return ::write(file, "x", 1) == 1; }

}  // namespace

bool Container::start(int (*body)(void*), void* argument) {
  if (::pipe(go_) != 0 || ::pipe(ready_) != 0) return false;
  pid_ = fork_child();
  if (pid_ == 0) {
    ready_end = ready_[1];
    ::close(go_[1]);
    ::close(ready_[0]);
    if (::unshare(CLONE_NEWNET) != 0 || !writes_byte(ready_end) || !reads_byte(go_[0])) leave(100);
    leave(body(argument));
  }
  ::close(go_[0]);
  ::close(ready_[1]);
  go_[0] = ready_[1] = -1;
  return pid_ > 0 && wait_ready();
}

void Container::go() {
  if (!writes_byte(go_[1])) ::kill(pid_, SIGKILL);
}

bool Container::wait_ready() {
  pollfd answer = {ready_[0], POLLIN, 0};
  return ::poll(&answer, 1, 3000) > 0 && reads_byte(ready_[0]);
}

int Container::end() {
  const int code = reap_child(pid_);
  pid_ = -1;
  return code;
}

Container::~Container() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    reap_child(pid_);
  }
  for (const int file : {go_[0], go_[1], ready_[0], ready_[1]}) {
    if (file >= 0) ::close(file);
  }
}

void container_ready() { writes_byte(ready_end); }

}  // namespace aios::checklist
