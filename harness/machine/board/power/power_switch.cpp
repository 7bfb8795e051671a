// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/power/power_switch.h"

#include <fmt/format.h>
#include <poll.h>

#include "harness/machine/board/secret.h"

namespace aios::board {
namespace {

constexpr int kAskEveryMs = 200;

}  // namespace

Result<PowerSwitch> make_switch(const BoardPower& power, const CancelToken* cancel) {
  if (power.kind == "command") return command_switch(power, cancel);
  std::string password = TRY(read_secret(power.password));
  return power.kind == "ipmi" ? ipmi_switch(power, std::move(password)) : redfish_switch(power, std::move(password));
}

Status switch_to(const PowerSwitch& power, bool on, Duration at_most, const Clock& clock, const CancelToken* cancel) {
  if (TRY(power.is_on()) == on) return {};
  TRY(power.set(on));
  const Deadline deadline(clock, at_most);
  while (TRY(power.is_on()) != on) {
    if (deadline.passed()) {
      return infra_fault(fmt::format("the board did not go {} within {:.0f} s", on ? "on" : "off", seconds(at_most)),
                         power.name, "look at the board, or raise power.settle_seconds");
    }
    pollfd wait{cancel == nullptr ? -1 : cancel->fd(), POLLIN, 0};
    if (::poll(&wait, 1, kAskEveryMs) == 1) return interrupted();
  }
  return {};
}

}  // namespace aios::board
