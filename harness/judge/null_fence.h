// SPDX-License-Identifier: Apache-2.0
// How far null changes move a figure where nothing has been learned yet: the steady path of a loop not at all, a boot
// by this much. A calibration teaches each kernel and machine its own.
#pragma once

#include "harness/judge/comparison.h"

namespace aios {

// An instruction more is an instruction more.
bool steady_loop(const ComparisonRow& row);
// A boot, a machine whose devices run on the host's time, or what passes on the virtual clock.
bool moves_with_null_changes(const ComparisonRow& row);
// In the figure's unit.
double boot_fence(double figure);

}  // namespace aios
