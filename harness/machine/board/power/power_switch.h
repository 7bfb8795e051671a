// SPDX-License-Identifier: Apache-2.0
// How a board is switched, whatever does it: a BMC over IPMI or Redfish, or a command (a smart plug, a relay). A value
// that holds functions; each asks once, waits no longer than the machine file allows, and says whose fault a failure
// is: a wrong password is a config error, a BMC that does not answer an infra_fault.
#pragma once

#include <functional>
#include <string>

#include "harness/model/board_settings.h"
#include "harness/support/cancel.h"
#include "harness/support/clock.h"
#include "harness/support/result.h"

namespace aios::board {

enum class BootFrom { network, cdrom };

struct PowerSwitch {
  std::string name;  // for messages: "the BMC at 192.0.2.7"
  std::function<Result<bool>()> is_on;
  std::function<Status(bool on)> set;
  std::function<Status(BootFrom)> boot_once;                   // empty: the board's own order decides
  std::function<Status(const std::string& url)> insert_media;  // empty url: ejects; empty function: it has none
};

// `password`: resolved; `cancel` ends a command that is waited for.
PowerSwitch ipmi_switch(const BoardPower& power, std::string password);
PowerSwitch redfish_switch(const BoardPower& power, std::string password);
PowerSwitch command_switch(const BoardPower& power, const CancelToken* cancel);
// The one that the settings name.
Result<PowerSwitch> make_switch(const BoardPower& power, const CancelToken* cancel);

// Switches, and waits until the board says that it is so.
Status switch_to(const PowerSwitch& power, bool on, Duration at_most, const Clock& clock, const CancelToken* cancel);

}  // namespace aios::board
