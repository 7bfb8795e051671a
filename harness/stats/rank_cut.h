// SPDX-License-Identifier: Apache-2.0
// Where the interval that inverts a rank test is cut: it runs from the k-th smallest to the k-th largest of the
// differences (or Walsh averages), k being the largest whose tail both sides together may be left out.
#pragma once

namespace aios::stats {

struct RankCut {
  long k = 0;       // from 1; 0: no cut keeps the confidence, the interval is infinite
  double tail = 0;  // P(statistic <= k-1)
};

// The largest k with P(statistic <= k-1) <= alpha/2. `lower_tail` is asked for 0, 1, 2, ... in this order.
template <typename LowerTail>
RankCut find_rank_cut(long values, double alpha, LowerTail lower_tail) {
  RankCut cut;
  for (long k = 1; k <= (values + 1) / 2; ++k) {
    const double tail = lower_tail(k - 1);
    // The same two sums meet here and in the test; rounding must not part them.
    if (2 * tail > alpha * (1 + 1e-12)) break;
    cut = {k, tail};
  }
  return cut;
}

}  // namespace aios::stats
