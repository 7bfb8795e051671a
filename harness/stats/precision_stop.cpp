// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/precision_stop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/signed_rank.h"
#include "harness/stats/w_distribution.h"

namespace aios::stats {

Result<Precision> precision_of(std::span<const double> log_ratios, const PrecisionGoal& goal) {
  if (!(goal.margin >= 0)) return config_error(fmt::format("{} is no margin", goal.margin));
  Precision out;
  out.blocks = static_cast<int>(log_ratios.size());
  out.log_ratio = TRY(walsh_shift(log_ratios, goal.confidence));
  const Interval& interval = out.log_ratio.interval;
  out.half_width = (interval.high - interval.low) / 2;
  const double wanted = std::log1p(goal.margin) / 2;
  const int least = std::max(goal.least_blocks, pairs_needed(1 - goal.confidence));
  out.reached = out.blocks >= least && out.half_width <= wanted;
  if (out.reached) {
    out.blocks_expected = out.blocks;
  } else if (interval.bounded() && wanted > 0) {
    // The width falls with the square root of the blocks.
    const double ratio = out.half_width / wanted;
    const double expected = std::ceil(out.blocks * std::max(ratio * ratio, 1.0));
    out.blocks_expected = static_cast<int>(std::clamp(expected, static_cast<double>(least), 1e9));
    if (out.blocks_expected <= out.blocks) out.blocks_expected = out.blocks + 1;
  }
  return out;
}

}  // namespace aios::stats
