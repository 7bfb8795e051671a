// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/watch.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "harness/machine/image_kind.h"
#include "harness/machine/monitor.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// How long a machine may take over a question or over its own end; stretched by the plan's scale.
constexpr Duration kAsking = std::chrono::milliseconds(800);
constexpr Duration kEnding = std::chrono::seconds(2);

bool worth_asking(const Monitor& monitor) {
  if (monitor.wanted()) return false;
  switch (monitor.state()) {
    case EndState::cancelled:
    case EndState::machine_died:
    case EndState::loader_refusal:
    case EndState::guest_exit:
      return false;
    default:
      return true;
  }
}

// False once there is nothing more to come from there.
bool type_in(Machine& machine, int fd) {
  char bytes[4096];
  const ssize_t got = ::read(fd, bytes, sizeof bytes);
  if (got <= 0) return false;
  // A console that takes no input says so through its events; typing into it is no end of the boot.
  (void)machine.talk({bytes, static_cast<std::size_t>(got)}).ok();
  return true;
}

bool readable(int fd) {
  pollfd wait{fd, POLLIN, 0};
  return fd >= 0 && ::poll(&wait, 1, 0) == 1;
}

}  // namespace

Result<BootEvidence> watch_boot(Machine& machine, const BootSpec& spec, const WatchPlan& plan, const WatchHooks& hooks,
                                const std::filesystem::path& scratch, const MachineEnvironment& environment) {
  const Clock& clock = *environment.clock;
  const auto cancelled = [&] { return environment.cancel != nullptr && environment.cancel->cancelled(); };
  TRY(machine.prepare(spec, scratch));
  if (cancelled()) return interrupted();
  const Duration start = clock.monotonic();
  TRY(machine.boot());
  BootEvidence evidence;
  evidence.phases.spawned = clock.monotonic() - start;

  Monitor monitor(plan, hooks, start);
  int input = hooks.input_fd;
  while (!monitor.decided()) {
    if (cancelled()) {
      monitor.cancel(clock.monotonic());
      break;
    }
    for (const auto& event : TRY(machine.wait(monitor.next_check(clock.monotonic()), input))) monitor.feed(event);
    monitor.tick(clock.monotonic(), machine.starved());
    if (readable(input) && !type_in(machine, input)) input = -1;
  }

  Diagnosis diagnosis;
  if (worth_asking(monitor)) {
    diagnosis = machine.diagnose(plan.scaled(kAsking), plan.linux_crash_rules && spec.interactive);
    monitor.diagnosed(diagnosis, image_ranges(spec.image));
  }
  monitor.fill(evidence);
  evidence.registers = std::move(diagnosis.registers);
  for (auto& note : diagnosis.notes) evidence.notes.push_back(std::move(note));

  EndReport report = machine.end(plan.scaled(kEnding));
  evidence.phases.cleaned_up = clock.monotonic() - start;
  evidence.machine_words = std::move(report.words);
  evidence.back_end_version = std::move(report.version);
  evidence.command = std::move(report.command);
  evidence.devices = std::move(report.devices);
  evidence.fidelity = report.fidelity;
  evidence.phases.parts = std::move(report.parts);
  evidence.doubts = std::move(report.doubts);
  for (auto& note : report.notes) evidence.notes.push_back(std::move(note));
  if (spec.plugin) evidence.counts = spec.plugin->out;
  return evidence;
}

}  // namespace aios
