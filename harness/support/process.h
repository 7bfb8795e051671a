// SPDX-License-Identifier: Apache-2.0
// Child processes that do not outlive the harness: each is the leader of its own process group, is killed by the kernel
// when the harness dies (also by kill -9), and is reaped through a pidfd that a poll loop can wait for.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/support/cancel.h"
#include "harness/support/clock.h"
#include "harness/support/files.h"

namespace aios {

struct Command {
  std::vector<std::string> argv;
  fs::path cwd;                                       // empty: the harness's own
  std::map<std::string, std::string> env;             // added to (or replacing in) the harness's environment
  std::vector<std::pair<int, int>> fds;               // {fd here, fd in the child}: passed on besides 0, 1, 2
  int stdin_fd = -1, stdout_fd = -1, stderr_fd = -1;  // -1: /dev/null
  int nice = 0;

  std::string shell_line() const;  // as a person would type it
};

struct ExitState {
  bool signalled = false;
  int code = 0;  // exit code, or the signal's number
  bool success() const { return !signalled && code == 0; }
  std::string describe() const;
};

class Child {
 public:
  static Result<Child> spawn(const Command& command);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();  // kills the group and reaps

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }  // readable once it has ended
  std::optional<ExitState> poll();            // does not wait
  ExitState wait();                           // waits for ever
  void signal_group(int signal_number);
  ExitState kill_and_wait();

 private:
  Child(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  pid_t pid_ = -1;
  UniqueFd pidfd_;
  std::optional<ExitState> state_;
};

struct Captured {
  ExitState exit;
  std::string out;  // stdout, bounded
  std::string err;  // stderr, bounded (empty when merged)
};

struct CaptureOptions {
  std::size_t limit = 64U << 20;  // bytes kept of each stream; the rest is read and dropped
  bool merge_stderr = false;
  const CancelToken* cancel = nullptr;                 // ends the group, returns `interrupted`
  std::optional<Duration> timeout;                     // ends the group, returns infra_fault
  std::function<void(std::string_view line)> on_line;  // every whole line of stdout (and of stderr when merged)
};

// Runs to the end and returns what it wrote. A program that is not installed is a config error with a hint.
Result<Captured> run_command(Command command, const CaptureOptions& options = {});
// The same, and anything but exit code 0 is an infra_fault that shows the end of what was written.
Result<std::string> run_checked(Command command, const CaptureOptions& options = {});

}  // namespace aios
