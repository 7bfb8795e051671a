// SPDX-License-Identifier: Apache-2.0
#include "scenarios/checklist/tools.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenarios/checklist/check.h"

namespace aios::checklist {

bool read_text(const char* path, char* to, std::size_t size) {
  to[0] = '\0';
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::size_t length = 0;
  while (length < size - 1) {
    const ssize_t got = ::read(file, to + length, size - 1 - length);
    if (got <= 0) break;
    length += static_cast<std::size_t>(got);
  }
  to[length] = '\0';
  ::close(file);
  return true;
}

namespace {

bool put(const char* path, const char* text, int flags) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC | flags, 0644);
  if (file < 0) return false;
  const auto length = static_cast<ssize_t>(std::strlen(text));
  const bool whole = ::write(file, text, static_cast<std::size_t>(length)) == length;
  const int error = errno;
  ::close(file);
  errno = error;
  return whole;
}

}  // namespace

bool write_text(const char* path, const char* text) { return put(path, text, 0); }
bool create_file(const char* path, const char* text) { return put(path, text, O_CREAT | O_TRUNC); }

bool holds(const char* path, const char* text) {
  char found[256];
  return read_text(path, found, sizeof found) && std::strcmp(found, text) == 0;
}

bool exists(const char* path) { return ::access(path, F_OK) == 0; }
bool make_folder(const char* path) { return ::mkdir(path, 0755) == 0 || errno == EEXIST; }

const char* scratch(const char* name) {
  static constexpr const char* kScratch = "/tmp/checklist";
  make_folder("/tmp");
  make_folder(kScratch);
  char* path = nullptr;
  if (::asprintf(&path, "%s/%d-%s", kScratch, ::getpid(), name) < 0) ::abort();
  make_folder(path);
  return path;
}

int fork_child() {
  const pid_t child = ::fork();
  if (child == 0) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return child;
}

int reap_child(int child) {
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return -1;
  return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

void leave(int code) { ::_exit(code); }

bool wait_until(bool (*done)(), int milliseconds) {
  for (int waited = 0; !done(); waited += 10) {
    if (waited >= milliseconds) return false;
    ::usleep(10'000);
  }
  return true;
}

}  // namespace aios::checklist
