// SPDX-License-Identifier: Apache-2.0
// The law of Wilcoxon's signed-rank sum when nothing but chance decides each sign: of all 2^n ways to sign the ranks,
// how many give each sum of the positive ones. Exact by dynamic programming over subset sums, with ties too (mid-ranks
// are half steps, hence "twice W").
#pragma once

#include <span>
#include <vector>

namespace aios::stats {

class WDistribution {
 public:
  // Ranks (or mid-ranks) of the absolute differences; at most kSignedRankExactLimit of them.
  explicit WDistribution(std::span<const double> ranks);
  static WDistribution without_ties(int n);

  double at_most(double w) const;  // P(W <= w)
  double two_sided(double w) const;
  double smallest_two_sided() const;
  const std::vector<long double>& ways() const { return ways_; }  // by twice W

 private:
  std::vector<long double> ways_;
  long double total_ = 1;
};

inline constexpr int kSignedRankExactLimit = 200;

// The smallest two-sided p that n pairs can ever give, and how many pairs a level therefore needs.
double smallest_paired_p(int n);
int pairs_needed(double alpha);

}  // namespace aios::stats
