// SPDX-License-Identifier: Apache-2.0
// Paired blocks: A and B measured side by side, so that what drifts burdens both and goes out in the difference. The
// signed-rank test asks whether the differences lie to one side of 0 (exact to 200 pairs, ties too), the median of the
// Walsh averages says how far, with the exact interval that inverts the test. Use it whenever A and B share a block.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/stats/interval.h"
#include "harness/support/result.h"

namespace aios::stats {

struct SignedRank {
  double w = 0;           // sum of the ranks of the positive differences
  int pairs = 0;          // that differ at all
  int zeros = 0;          // set apart: they speak for neither side
  double p = 1;           // two-sided
  double smallest_p = 1;  // what so many pairs (and ties) could have given at best
  bool exact = true;
  bool tied = false;
  std::vector<std::string> warnings;
};

// `differences`: B - A, or ln B - ln A, block by block.
Result<SignedRank> signed_rank(std::span<const double> differences);

// The median of all averages of two differences (each with itself, too).
Result<Estimate> walsh_shift(std::span<const double> differences, double confidence = 0.95);

// ln(second) - ln(first), block by block; an error where a value is not positive or the lengths differ.
Result<std::vector<double>> log_ratios(std::span<const double> first, std::span<const double> second);
// second / first of paired values, from their log ratios.
Result<Estimate> walsh_ratio(std::span<const double> first, std::span<const double> second, double confidence = 0.95);

}  // namespace aios::stats
