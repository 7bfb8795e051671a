// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/save_guest.h"

#include <fmt/format.h>

#include "harness/machine/end_state.h"
#include "harness/machine/monitor.h"

namespace aios {
namespace {

// Tens of megabytes go to a disk; and the end of a machine that is killed. Stretched by the plan's scale.
constexpr Duration kSaving = std::chrono::seconds(10);
constexpr Duration kEndingSaved = std::chrono::milliseconds(500);

}  // namespace

Status save_guest(Machine& machine, const BootSpec& spec, const WatchPlan& plan, const std::filesystem::path& scratch,
                  const MachineEnvironment& environment, const std::filesystem::path& out) {
  const Clock& clock = *environment.clock;
  TRY(machine.prepare(spec, scratch));
  TRY(machine.boot());
  Monitor monitor(plan, {}, clock.monotonic());
  bool held = false;
  while (!held && !monitor.decided()) {
    if (environment.cancel != nullptr) TRY(environment.cancel->check());
    for (const auto& event : TRY(machine.wait(monitor.next_check(clock.monotonic()), -1))) {
      held = held || event.kind == EventKind::held;
      if (!held) monitor.feed(event);
    }
    monitor.tick(clock.monotonic(), machine.starved());
  }
  if (!held) {
    return infra_fault(fmt::format("the guest did not come to where it is saved: {}", to_string(monitor.state())),
                       spec.label);
  }
  TRY(machine.save(out, plan.scaled(kSaving)));
  machine.end(plan.scaled(kEndingSaved));
  return {};
}

}  // namespace aios
