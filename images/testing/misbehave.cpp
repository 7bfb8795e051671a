// SPDX-License-Identifier: Apache-2.0
// A guest program for the boot tests: ends in the way that its first argument names.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"

namespace {

void check(const char* name, bool ok, const char* detail) {
  aios::wire::Frame<1024> frame("check");
  frame.text("name", name).boolean("ok", ok).text("detail", detail);
  aios::wire::send_frame(STDOUT_FILENO, frame);
}

// A grandchild that outlives its parent: PID 1 must reap or end it.
void leave_orphan() {
  if (::fork() == 0) {
    for (;;) ::pause();
  }
  if (::fork() == 0) ::_exit(3);
}

}  // namespace

int main(int argc, char** argv) {
  const char* const how = argc > 1 ? argv[1] : "";
  if (std::strcmp(how, "segfault") == 0) {
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
  } else if (std::strcmp(how, "abort") == 0) {
    std::abort();
  } else if (std::strcmp(how, "hang") == 0) {
    for (;;) ::pause();
  } else if (std::strcmp(how, "orphan") == 0) {
    leave_orphan();
  } else if (std::strcmp(how, "kill-init") == 0) {
    ::kill(1, SIGKILL);
    ::kill(1, SIGTERM);
  } else if (std::strcmp(how, "exit") == 0) {
    return argc > 2 ? std::atoi(argv[2]) : 1;
  } else if (std::strcmp(how, "arguments") == 0) {
    for (int i = 2; i < argc; ++i) check("argument", true, argv[i]);
    check("mode", true, std::getenv("AIOS_MODE"));
    check("scenario", true, std::getenv("AIOS_SCENARIO"));
    check("working_folder", ::access("/proc/self/stat", R_OK) == 0, "");
  }
  return 0;
}
