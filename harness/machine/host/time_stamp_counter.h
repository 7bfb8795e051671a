// SPDX-License-Identifier: Apache-2.0
// The processor's time-stamp counter: whether it keeps one pace whatever the processor does (invariant), and which. Its
// ticks are reference cycles; a core that is clocked up or down does more or fewer of its own in one of them.
#pragma once

#include <optional>

namespace aios::host {

bool invariant_tsc();

// Ticks a second, held against the kernel's raw clock for some milliseconds. Empty where there is no such counter or
// where it would not hold still: a figure in cycles then means nothing.
std::optional<double> calibrate_tsc();

}  // namespace aios::host
