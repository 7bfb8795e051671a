// SPDX-License-Identifier: Apache-2.0
// Who had a processor while a program was pinned to it: the program, others, or, under a hypervisor, somebody else's
// virtual machine. From the kernel's own account of ticks, so to a few hundredths of a second.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "harness/support/clock.h"

namespace aios::host {

struct ProcessorTime {
  Duration busy{0};    // somebody ran, interrupts included
  Duration stolen{0};  // the hypervisor gave it to others
  Duration idle{0};
  Duration total() const { return busy + stolen + idle; }
};

// The line "cpuN ..." of /proc/stat. Empty where there is none such.
std::optional<ProcessorTime> processor_time(std::string_view proc_stat, int processor, long ticks_a_second);
std::optional<ProcessorTime> processor_time(int processor);

struct Disturbance {
  double others = 0, stolen = 0;  // as parts of the whole time
};
// `own`: what the program and its children used. Empty where the time was too short to say.
std::optional<Disturbance> disturbance(const ProcessorTime& before, const ProcessorTime& after, Duration own);

// All processor time of the children that this process has reaped so far.
Duration reaped_children_time();

}  // namespace aios::host
