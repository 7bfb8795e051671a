// SPDX-License-Identifier: Apache-2.0
// fault [--after]: leaves a trace, says its last words and makes the kernel panic; --after, the machine back at its
// snapshot, looks that there is no such trace.
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"

namespace {

constexpr const char* kTrace = "/tmp/before-the-panic";
constexpr pid_t kInit = 1;

void say(const char* path, const char* text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  if (::write(file, text, std::strlen(text)) < 0) std::perror(path);
  ::close(file);
}

// A kernel without sysrq panics when its process 1 ends; it ends if a debugger has it call exit.
bool end_init() {
  user_regs_struct registers = {};
  int status = 0;
  if (::ptrace(PTRACE_ATTACH, kInit, nullptr, nullptr) != 0) return false;
  if (::waitpid(kInit, &status, __WALL) != kInit) return false;
  if (::ptrace(PTRACE_GETREGS, kInit, nullptr, &registers) != 0) return false;
  constexpr unsigned long long kExitGroup = 231, kSyscallBytes = 2;
  registers.rip -= kSyscallBytes;  // it waits in a system call: that instruction again, with another number
  registers.rax = kExitGroup;
  registers.orig_rax = ~0ULL;
  registers.rdi = 1;
  return ::ptrace(PTRACE_SETREGS, kInit, nullptr, &registers) == 0 &&
         ::ptrace(PTRACE_DETACH, kInit, nullptr, nullptr) == 0;
}

int panic_now() {
  const int trace = ::open(kTrace, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (trace < 0) return 3;
  ::close(trace);
  // At the level of emergencies, which the console shows.
  say("/dev/kmsg", "<0>fault: the last words before the panic\n");
  say("/proc/sysrq-trigger", "c");
  if (!end_init()) return 4;
  for (;;) ::pause();
}

int look_around() {
  const bool clean = ::access(kTrace, F_OK) != 0;
  aios::wire::Frame<512> frame("check");
  frame.text("name", "fault.snapshot_restored").boolean("ok", clean).boolean("skipped", false);
  frame.text("detail", clean ? "the machine is as it was before the panic" : "what was done before the panic is there");
  aios::wire::send_frame(STDOUT_FILENO, frame);
  return 0;
}

}  // namespace

int main(int count, char** words) {
  return count > 1 && std::strcmp(words[1], "--after") == 0 ? look_around() : panic_now();
}
