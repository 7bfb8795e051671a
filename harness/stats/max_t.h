// SPDX-License-Identifier: Apache-2.0
// The significance of the *best* split of a series. Student's t of the split that was chosen because its t is the
// largest does not follow Student's law: taken at its word, p < 0.001 flags one noise series in seven. This is the law
// of that maximum over all splits with three values on each side, from a simulated table (normal noise, interpolated in
// n and t); past the table it follows the tail, which errs on the side of no alarm.
#pragma once

#include <cstddef>
#include <span>

namespace aios::stats {

inline constexpr std::size_t kLeastSide = 3;

struct Split {
  std::size_t index = 0;         // the first value of the second part
  double t = 0;                  // |Student's t|, pooled; infinite where neither part varies and they differ
  double before = 0, after = 0;  // means
};

// The split with the largest t; t = 0 where there is none (under six values, or all equal).
Split best_split(std::span<const double> values);
// The split at this index, with at least one value on each side.
Split split_at(std::span<const double> values, std::size_t index);

// P(largest |t| of n values of pure noise >= t).
double max_t_p(std::size_t n, double t);
// The t that pure noise exceeds so often; level within 0.0001 and 0.5.
double max_t_critical(std::size_t n, double level);

}  // namespace aios::stats
