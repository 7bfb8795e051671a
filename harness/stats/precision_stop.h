// SPDX-License-Identifier: Apache-2.0
// When to stop adding blocks: when the answer is precise enough, never when it is significant (looking until something
// shows turns a level of 5 % into 17 % after twelve looks). Precise enough is an interval of the log ratio no wider
// than the margin; the decision is then made once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/stats/interval.h"
#include "harness/support/result.h"

namespace aios::stats {

struct PrecisionGoal {
  double margin = 0.02;  // the smallest ratio that matters, as a part of 1
  double confidence = 0.95;
  int least_blocks = 6;
};

struct Precision {
  bool reached = false;
  double half_width = 0;  // of the interval of ln ratio; infinite: not bounded yet
  int blocks = 0;
  int blocks_expected = 0;  // that the goal will take altogether, from what was seen; 0: nothing can be said yet
  Estimate log_ratio;
};

// `log_ratios`: ln B - ln A of each block so far (signed_rank.h).
Result<Precision> precision_of(std::span<const double> log_ratios, const PrecisionGoal& goal = {});

}  // namespace aios::stats
