// SPDX-License-Identifier: Apache-2.0
// Steps of a deterministic series: it has no noise, so each value that leaves its level by more than the fence begins a
// new one, one value being enough. The level is the median of the values since it began, so that what creeps within the
// fence is a step once it has crept past it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "harness/support/result.h"

namespace aios::stats {

struct LevelStep {
  std::size_t index = 0;         // the first value of the new level
  double before = 0, after = 0;  // the levels: medians
};

// `fence`: as a part of the level; 0: any change is a step.
Result<std::vector<LevelStep>> level_steps(std::span<const double> values, double fence);

}  // namespace aios::stats
