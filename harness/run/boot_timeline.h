// SPDX-License-Identifier: Apache-2.0
// The boot itself as figures: when which phase, initcall and point was first executed, and what the scenario `boot`
// makes of it. Pure. What a kernel has no symbol for is not guessed: the metric is left out and named.
#pragma once

#include <string>
#include <vector>

#include "harness/machine/qemu/counts.h"
#include "harness/model/run_record.h"
#include "harness/run/boot_symbols.h"

namespace aios {

inline constexpr int kPointInit = 1, kPointReady = 2, kPointDone = 3;

// In order of execution.
std::vector<TimelinePoint> boot_timeline(const GuestCounts& counts, const std::vector<BootSymbol>& symbols);

// Executed until the guest said it was done: unlike all that was executed, this does not hang on when the host ended
// it.
std::int64_t instructions_to_done(const GuestCounts& counts);

struct BootFigures {
  std::vector<Sample> samples;  // metric, scenario, unit, value and counts; the rest is the caller's
  std::vector<std::string> notes;
};

BootFigures boot_figures(const GuestCounts& counts, const std::vector<TimelinePoint>& timeline);

}  // namespace aios
