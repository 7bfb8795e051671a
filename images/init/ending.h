// SPDX-License-Identifier: Apache-2.0
// How the machine ends. Each way falls back on the next one down, so that a guest that was told to end does.
#pragma once

namespace aios::init {

enum class Ending { power_off, reboot, halt, debug_exit };

[[noreturn]] void end_machine(Ending ending);

// A fault in PID 1 itself is said and ends the machine, instead of the kernel's panic about a dead init.
void guard_against_own_faults();

}  // namespace aios::init
