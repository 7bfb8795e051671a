// SPDX-License-Identifier: Apache-2.0
// How a boot can end, each told apart by evidence. The states say what was seen; whether that is good is for the watch
// plan to say (a power-off is what one boot is there for and another one's failure).
#pragma once

#include <string_view>

#include "harness/support/result.h"

namespace aios {

enum class EndState {
  reached_markers,      // every marker in order, alive through the dwell
  finished,             // the guest said over its own protocol that it is done
  power_off,            // the guest turned the machine off
  guest_exit,           // the guest left through the exit device, with a code
  reset,                // the guest asked for a reset
  triple_fault,         // the processor gave up
  panic,                // the kernel said so
  oops,                 // the kernel went on after a fault of its own
  hang,                 // it said something, and then nothing more came of it
  silence,              // it never said anything
  alive_but_invisible,  // it never said anything, and rests in a halt inside its own image
  lost_connection,      // the console or the control channel went away under us
  machine_died,         // the emulator itself ended or gave up
  loader_refusal,       // firmware, boot loader or emulator would not start the image
  wrong_cpu,            // the kernel wants a processor that this machine has not
  flood,                // more output than any bound allows
  deadline,             // still making progress when the time was over
  cancelled,            // Ctrl-C
};

std::string_view to_string(EndState state);

// Who is to blame for an end that was not the wanted one. Silence is blamed on the kernel only after a known-good
// kernel has booted on the same machine; until then it counts as infrastructure.
ErrorKind blame(EndState state);

}  // namespace aios
