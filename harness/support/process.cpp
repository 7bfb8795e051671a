// SPDX-License-Identifier: Apache-2.0
#include "harness/support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace aios {
namespace {

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!added.contains(std::string(text.substr(0, text.find('='))))) merged.emplace_back(text);
  }
  for (const auto& [key, value] : added) merged.push_back(fmt::format("{}={}", key, value));
  return merged;
}

std::vector<char*> c_strings(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

struct ChildPlan {
  const char* program;
  char* const* argv;
  char* const* envp;
  const char* cwd;
  std::vector<std::pair<int, int>> fds;
  int nice;
  int error_fd;
  pid_t parent;
};

[[noreturn]] void fail_child(const ChildPlan& plan) {
  const int code = errno;
  [[maybe_unused]] const auto written = ::write(plan.error_fd, &code, sizeof code);
  ::_exit(127);
}

// Between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(ChildPlan& plan) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(127);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT}) ::signal(number, SIG_DFL);
  if (plan.cwd != nullptr && ::chdir(plan.cwd) != 0) fail_child(plan);
  if (plan.nice != 0) ::setpriority(PRIO_PROCESS, 0, plan.nice);
  // First out of the way of the targets, then into place.
  for (auto& [from, to] : plan.fds) {
    from = ::fcntl(from, F_DUPFD_CLOEXEC, 64);
    if (from < 0) fail_child(plan);
  }
  for (const auto& [from, to] : plan.fds) {
    if (::dup2(from, to) < 0) fail_child(plan);
  }
  ::execve(plan.program, plan.argv, plan.envp);
  fail_child(plan);
}

}  // namespace

std::string Command::shell_line() const {
  std::string line;
  for (const auto& word : argv) {
    if (!line.empty()) line += ' ';
    const bool plain =
        !word.empty() &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=,./:@%") ==
            std::string::npos;
    if (plain) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += '\'';
  }
  return line;
}

std::string ExitState::describe() const {
  if (signalled) return fmt::format("killed by signal {} ({})", code, ::strsignal(code));
  return fmt::format("exit code {}", code);
}

Result<Child> Child::spawn(const Command& command) {
  if (command.argv.empty()) return internal_error("a command without words");
  const std::string& name = command.argv.front();
  const fs::path program = name.find('/') != std::string::npos ? fs::path(name) : find_program(name);
  if (program.empty() || ::access(program.c_str(), X_OK) != 0) {
    return config_error(fmt::format("program '{}' is not installed", name), {},
                        "run ci/setup, which installs what is needed, or `aios-bench doctor` to see what is missing");
  }
  const auto environment = merged_environment(command.env);
  const auto argv = c_strings(command.argv);
  const auto envp = c_strings(environment);
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  int pipe_fds[2];
  if (!null || ::pipe2(pipe_fds, O_CLOEXEC) != 0) return system_error("cannot start a process", name, errno);
  const UniqueFd read_end(pipe_fds[0]);
  UniqueFd write_end(pipe_fds[1]);

  const auto or_null = [&](int fd) { return fd >= 0 ? fd : null.get(); };
  const std::string cwd = command.cwd.string();
  ChildPlan plan{program.c_str(), argv.data(),  envp.data(),     cwd.empty() ? nullptr : cwd.c_str(),
                 command.fds,     command.nice, write_end.get(), ::getpid()};
  plan.fds.emplace_back(or_null(command.stdin_fd), 0);
  plan.fds.emplace_back(or_null(command.stdout_fd), 1);
  plan.fds.emplace_back(or_null(command.stderr_fd), 2);

  const pid_t pid = ::fork();
  if (pid < 0) return system_error("cannot start a process", name, errno);
  if (pid == 0) become(plan);
  write_end.reset();
  int code = 0;
  ssize_t got = 0;
  do {
    got = ::read(read_end.get(), &code, sizeof code);
  } while (got < 0 && errno == EINTR);
  if (got == sizeof code) {
    ::waitpid(pid, nullptr, 0);
    return system_error("cannot start the program", name, code);
  }
  UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (pidfd) ::fcntl(pidfd.get(), F_SETFD, FD_CLOEXEC);
  return Child(pid, std::move(pidfd));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)), state_(other.state_) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pidfd_, other.pidfd_);
  std::swap(state_, other.state_);
  return *this;
}

Child::~Child() {
  if (pid_ > 0 && !state_) kill_and_wait();
}

static ExitState from_wait_status(int status) {
  if (WIFSIGNALED(status)) return {true, WTERMSIG(status)};
  return {false, WEXITSTATUS(status)};
}

std::optional<ExitState> Child::poll() {
  int status = 0;
  if (!state_ && ::waitpid(pid_, &status, WNOHANG) == pid_) state_ = from_wait_status(status);
  return state_;
}

ExitState Child::wait() {
  int status = 0;
  while (!state_) {
    const pid_t got = ::waitpid(pid_, &status, 0);
    if (got == pid_) state_ = from_wait_status(status);
    if (got < 0 && errno != EINTR) state_ = ExitState{false, 255};
  }
  return *state_;
}

void Child::signal_group(int signal_number) {
  if (pid_ > 0 && !state_) ::kill(-pid_, signal_number);
}

ExitState Child::kill_and_wait() {
  signal_group(SIGKILL);
  return wait();
}

}  // namespace aios
