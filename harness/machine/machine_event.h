// SPDX-License-Identifier: Apache-2.0
// What a back end reports while a machine runs: a stream of small values that the monitor is fed with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/support/clock.h"

namespace aios {

enum class EventKind {
  console,       // bytes of the serial console
  screen,        // the VGA text, whole
  power_off,     // the guest turned itself off
  reset,         // the guest asked for a reset
  triple_fault,  // the processor gave up
  guest_exit,    // through the exit device; code
  gave_up,       // the emulator cannot go on (text says why)
  ended,         // the back end's process ended by itself; text, and refused: before the guest ran
  lost,          // console or control channel gone while the machine lives
  held,          // the guest is where it can be saved, and waits there (BootSpec::hold)
};

struct MachineEvent {
  EventKind kind = EventKind::console;
  Duration at{0};  // on the harness's clock
  std::string text;
  int code = 0;
  bool refused = false;
  std::vector<std::string> rows;  // screen
};

}  // namespace aios
