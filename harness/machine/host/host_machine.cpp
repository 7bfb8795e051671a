// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/host_machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "harness/machine/host/conditions.h"
#include "harness/machine/host/leftovers.h"
#include "harness/machine/host/stand_in.h"
#include "harness/support/text.h"

namespace aios::host {
namespace {

constexpr int kOutputPipe = 1 << 20;
// One pipe full at a time: what writes for ever is looked at in between.
constexpr std::size_t kMostAtOnce = (1U << 20) - (64U << 10);
constexpr std::size_t kTailKept = 4096;
// Often enough for deadlines of tenths of seconds, seldom enough to cost nothing.
constexpr Duration kStarvedEvery = std::chrono::milliseconds(100);
// What the launcher says where the program never ran.
constexpr int kNotExecuted = 126, kNotFound = 127;
// What is killed is gone in a moment; what a device holds is not waited for.
constexpr Duration kGroupGrace = std::chrono::milliseconds(500);
// From here on a figure is doubted.
constexpr double kManyOthers = 0.01;

timespec until_timespec(Duration duration) {
  const auto ns = std::max<Duration::rep>(duration.count(), 0);
  return {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
}

// One that cannot be watched is gone already.
std::vector<UniqueFd> watch_processes(const std::vector<pid_t>& processes) {
  std::vector<UniqueFd> out;
  out.reserve(processes.size());
  for (const pid_t pid : processes) out.emplace_back(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  return out;
}

void wait_for(const UniqueFd& process, Duration at_most) {
  pollfd wait{process.get(), POLLIN, 0};
  const timespec timeout = until_timespec(at_most);
  if (process) ::ppoll(&wait, 1, &timeout, nullptr);
}

std::string percent(double part) { return fmt::format("{:.1f} %", part * 100); }

}  // namespace

Status HostMachine::prepare(const BootSpec& spec, const std::filesystem::path& /*scratch*/) {
  spec_ = spec;
  if (!spec.program) {
    return config_error(
        fmt::format("machine '{}' boots nothing: it runs programs under this kernel", spec.machine.name), spec.label,
        "the subject for it is 'host'");
  }
  const std::filesystem::path& program = spec.program->path;
  if (::access(program.c_str(), R_OK | X_OK) != 0) {
    const int code = errno;
    return config_error(fmt::format("the program cannot be run: {}", system_error("", "", code).what), program.string(),
                        "build it: cmake --build, target guest_programs; or set AIOS_BENCH_GUEST");
  }
  std::vector<std::string> argv = {program.string()};
  argv.insert(argv.end(), spec.program->arguments.begin(), spec.program->arguments.end());
  launch_ = TRY(plan_launch(std::move(argv), spec.program->folder));
  processor_ = choose_processor(allowed_processors(), isolated_processors());
  return {};
}

Status HostMachine::boot() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("cannot make a pipe", {}, errno);
  output_.reset(ends[0]);
  const UniqueFd write_end(ends[1]);
  ::fcntl(output_.get(), F_SETPIPE_SZ, kOutputPipe);
  ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);

  Command command{.argv = launch_.argv, .cwd = spec_.program->folder};
  command.stdout_fd = command.stderr_fd = write_end.get();
  command.env = {{"AIOS_MODE", "timed"}, {"AIOS_SCENARIO", spec_.program->scenario}};
  hold_.emplace(processor_);
  pinned_ = hold_->held();
  counters_ = HardwareCounters::for_next_child();
  before_ = processor_time(processor_);
  reaped_before_ = reaped_children_time();
  emit({.kind = EventKind::console, .text = begin_frames(spec_.program->scenario)});
  Result<Child> child = Child::spawn(command);
  hold_->away();
  child_ = TRY(std::move(child));
  return {};
}

void HostMachine::emit(MachineEvent event) {
  event.at = now();
  events_.push_back(std::move(event));
}

Result<std::vector<MachineEvent>> HostMachine::wait(Duration at_most, int wake_fd) {
  const Duration until = now() + at_most;
  while (events_.empty()) {
    const int cancel_fd = environment_.cancel != nullptr ? environment_.cancel->fd() : -1;
    pollfd waits[] = {{child_ && !ended_ ? child_->pidfd() : -1, POLLIN, 0},
                      {output_ ? output_.get() : -1, POLLIN, 0},
                      {cancel_fd, POLLIN, 0},
                      {wake_fd, POLLIN, 0}};
    const timespec timeout = until_timespec(until - now());
    if (::ppoll(waits, std::size(waits), &timeout, nullptr) < 0) {
      if (errno == EINTR) continue;
      return system_error("cannot wait for the program", spec_.label, errno);
    }
    if (waits[1].revents != 0) read_output();
    if (waits[0].revents != 0) program_ended();
    if (waits[2].revents != 0 || waits[3].revents != 0 || now() >= until) break;
  }
  return std::exchange(events_, {});
}

void HostMachine::read_output() {
  std::string bytes;
  char buffer[65536];
  while (output_ && bytes.size() < kMostAtOnce) {
    const ssize_t got = ::read(output_.get(), buffer, sizeof buffer);
    if (got > 0) {
      bytes.append(buffer, static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      if (got == 0 || errno != EAGAIN) output_.reset();
      break;
    }
  }
  if (bytes.empty()) return;
  spoke_ = spoke_ || bytes.find(wire::kMarker) != std::string::npos;
  tail_ += bytes.size() > kTailKept ? bytes.substr(bytes.size() - kTailKept) : bytes;
  if (tail_.size() > kTailKept) tail_.erase(0, tail_.size() - kTailKept);
  emit({.kind = EventKind::console, .text = std::move(bytes)});
}

void HostMachine::program_ended() {
  if (ended_) return;
  const ExitState state = finish();
  const bool launched = launch_.argv.front() != spec_.program->path.string();
  const bool never_ran = launched && !state.signalled && (state.code == kNotExecuted || state.code == kNotFound);
  if (never_ran && !spoke_) {
    emit({.kind = EventKind::ended, .text = fmt::format("the program was not started: {}", last_words(tail_))});
    return;
  }
  emit({.kind = EventKind::console, .text = end_frames(spec_.program->scenario, state, last_words(tail_))});
  emit({.kind = EventKind::power_off});
}

ExitState HostMachine::finish() {
  const std::vector<pid_t> processes = process_group(child_->pid());
  // While its leader is not reaped the group's number is nobody else's.
  const std::vector<UniqueFd> ends = watch_processes(processes);
  ::kill(-child_->pid(), SIGKILL);
  const Duration until = now() + kGroupGrace;
  const ExitState state = child_->wait();
  for (const UniqueFd& end : ends) wait_for(end, until - now());
  ended_ = true;
  after_ = processor_time(processor_);
  own_ = reaped_children_time() - reaped_before_;
  hold_.reset();
  if (!state.success()) queues_removed_ = remove_queues_of(processes);
  read_output();
  return state;
}

Status HostMachine::talk(std::string_view) {
  return config_error("a program on this host takes no console input", spec_.machine.name);
}

Diagnosis HostMachine::diagnose(Duration, bool) {
  Diagnosis out;
  if (!child_ || ended_) return out;
  for (const pid_t pid : process_group(child_->pid())) out.notes.push_back(describe_process(pid));
  return out;
}

Duration HostMachine::starved() {
  if (!child_ || ended_ || now() < starved_due_) return starved_;
  starved_due_ = now() + kStarvedEvery;
  // The second number: nanoseconds that it was ready to run and waited.
  std::ifstream file(fmt::format("/proc/{}/schedstat", child_->pid()));
  Duration::rep ran = 0, waited = 0;
  if (file >> ran >> waited) starved_ = std::max(starved_, Duration(waited));
  return starved_;
}

void HostMachine::weigh(EndReport& report) const {
  if (!pinned_) report.doubts.push_back(fmt::format("the program could not be pinned to processor {}", processor_));
  if (!before_ || !after_) return;
  const auto found = disturbance(*before_, *after_, own_);
  if (!found) return;
  report.notes.push_back(fmt::format("others had processor {} for {} of the time; {} was stolen by the hypervisor",
                                     processor_, percent(found->others), percent(found->stolen)));
  if (found->others >= kManyOthers) {
    report.doubts.push_back(
        fmt::format("noisy: others had processor {} for {} of the time", processor_, percent(found->others)));
  }
  if (found->stolen >= kManyOthers) {
    report.doubts.push_back(fmt::format("noisy: the hypervisor took processor {} away for {} of the time", processor_,
                                        percent(found->stolen)));
  }
}

EndReport HostMachine::end(Duration) {
  EndReport report;
  report.fidelity = Fidelity::timed;
  report.command = fmt::format("taskset -c {} {}", processor_, Command{.argv = launch_.argv}.shell_line());
  if (!child_) return report;
  if (!ended_) {
    finish();
    report.notes.emplace_back("the program and its children were killed");
  }
  weigh(report);
  report.notes.push_back(fmt::format("pinned to processor {}, as {}", processor_, launch_.user));
  if (!counters_.available()) {
    report.notes.push_back(fmt::format("hardware counters: not available: {}", counters_.why_not()));
  }
  if (const auto counted = counters_.read(); !counted.empty()) {
    report.notes.push_back(fmt::format("over the whole program: {}", describe(counted)));
  }
  if (queues_removed_ > 0) report.notes.push_back(fmt::format("{} message queues of it were removed", queues_removed_));
  output_.reset();
  events_.clear();
  return report;
}

}  // namespace aios::host
