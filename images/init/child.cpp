// SPDX-License-Identifier: Apache-2.0
#include "images/init/child.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "images/init/text.h"

namespace aios::init {
namespace {

constexpr long kLeftoversMs = 2000;  // for what SIGKILL does not end at once

long now_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

sigset_t only_child_signal() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  return set;
}

// Until a child changes state, or the time is up. SIGCHLD is blocked, so one that came before is still there.
void wait_for_child(long milliseconds) {
  const sigset_t set = only_child_signal();
  const timespec limit{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  ::sigtimedwait(&set, nullptr, &limit);
}

// A serial line, not /dev/console, can be a controlling terminal: job control and Ctrl-C need one.
void take_terminal() {
  char name[64] = "/dev/";
  const int list = ::open("/sys/class/tty/console/active", O_RDONLY | O_CLOEXEC);
  const ssize_t got = list >= 0 ? ::read(list, name + 5, sizeof name - 6) : -1;
  if (got <= 0) return;
  name[5 + got] = '\0';
  if (char* const end = ::strpbrk(name + 5, " \n")) *end = '\0';
  const int terminal = ::open(name, O_RDWR);
  if (terminal < 0) return;
  ::ioctl(terminal, TIOCSCTTY, 1);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(terminal, standard);
}

// After vfork: shares memory with PID 1 until it execs, so it only makes system calls and says through `error` why not.
[[noreturn]] void become(const char* const* argv, const char* const* envp, bool interactive, volatile int* error) {
  ::setsid();
  if (interactive) {
    take_terminal();
  } else {
    const int null = ::open("/dev/null", O_RDONLY);
    if (null >= 0 && null != STDIN_FILENO) ::dup2(null, STDIN_FILENO);
    if (null > STDERR_FILENO) ::close(null);
  }
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(argv[0], const_cast<char* const*>(argv), const_cast<char* const*>(envp));
  *error = errno;
  ::_exit(127);
}

__attribute__((noinline)) pid_t start(const char* const* argv, const char* const* envp, bool interactive,
                                      volatile int* error) {
  // vfork: the reason why exec failed comes back through `error`, and no page table is copied for a program's start.
  const pid_t pid = ::vfork();                           // NOLINT
  if (pid == 0) become(argv, envp, interactive, error);  // NOLINT: system calls only, and it never returns
  if (pid < 0) *error = errno;
  return pid;
}

void end_leftovers() {
  ::kill(-1, SIGKILL);
  const long give_up = now_ms() + kLeftoversMs;
  for (;;) {
    const pid_t pid = ::waitpid(-1, nullptr, WNOHANG);
    if (pid < 0 && errno != EINTR) return;  // nobody left
    if (pid > 0) continue;
    const long left = give_up - now_ms();
    if (left <= 0) return;
    wait_for_child(left);
  }
}

// What the kernel wrote about this process as it died: "crash[42]: segfault at 0 ip ...".
void last_words(pid_t pid, Text<512>& detail) {
  static char log[8192];
  constexpr int kReadAll = 3;  // SYSLOG_ACTION_READ_ALL
  const int length = ::klogctl(kReadAll, log, sizeof log - 1);
  if (length <= 0) return;
  log[length] = '\0';
  Text<32> mark;
  mark << '[' << pid << "]:";
  char* at = ::strstr(log, mark.c_str());
  if (at == nullptr) return;
  char* begin = at;
  while (begin > log && begin[-1] != '\n') --begin;
  char* const end = ::strchr(at, '\n');
  if (end != nullptr) *end = '\0';
  detail << "; kernel: " << begin;
}

void describe(int status, pid_t pid, bool deadline_passed, const RunEnvironment& environment, Outcome& outcome) {
  Text<512> detail;
  if (WIFSIGNALED(status)) {
    outcome.signal = WTERMSIG(status);
    if (deadline_passed) {
      detail << "still running after its deadline of " << static_cast<long long>(environment.deadline_ms) << " ms";
    } else {
      detail << ::sigdescr_np(outcome.signal);
      last_words(pid, detail);
    }
  } else {
    outcome.exit_code = WEXITSTATUS(status);
  }
  ::memcpy(outcome.detail, detail.c_str(), detail.size() + 1);
}

}  // namespace

void prepare_for_children() {
  const sigset_t set = only_child_signal();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

Outcome run_program(const char* const* argv, const RunEnvironment& environment) {
  Text<64> mode;
  Text<256> scenario;
  mode << "AIOS_MODE=" << environment.mode;
  scenario << "AIOS_SCENARIO=" << environment.scenario;
  const char* const envp[] = {
      "PATH=/aios/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "TERM=linux", mode.c_str(), scenario.c_str(), nullptr};
  Outcome outcome;
  volatile int error = 0;
  const pid_t child = start(argv, envp, environment.interactive, &error);
  if (error != 0) {
    if (child > 0) ::waitpid(child, nullptr, 0);
    outcome.exit_code = 127;
    Text<512> detail;
    detail << "cannot run " << argv[0] << ": " << ::strerrordesc_np(error);
    ::memcpy(outcome.detail, detail.c_str(), detail.size() + 1);
    return outcome;
  }
  const bool bounded = environment.deadline_ms > 0;
  const long deadline = bounded ? now_ms() + environment.deadline_ms : 0;
  bool deadline_passed = false;
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, bounded ? WNOHANG : 0);
    if (pid == child) {
      describe(status, pid, deadline_passed, environment, outcome);
      break;
    }
    if (pid < 0 && errno != EINTR) break;  // cannot be: the child was not reaped
    if (pid != 0) continue;                // an orphan
    const long left = deadline - now_ms();
    if (left > 0) {
      wait_for_child(left);
    } else if (!deadline_passed) {
      deadline_passed = true;
      ::kill(-1, SIGKILL);
    } else {
      wait_for_child(kLeftoversMs);
    }
  }
  end_leftovers();
  return outcome;
}

}  // namespace aios::init
