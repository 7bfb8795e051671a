// SPDX-License-Identifier: Apache-2.0
// The law of Mann and Whitney's U when both samples come from the same source: of all ways to deal n1+n2 values to the
// two sides, how many give each U. Exact, without ties by a generating function and with ties by dynamic programming
// over the groups of equal values. U counts the pairs (x, y) with x < y; a tie counts one half, hence "twice U".
#pragma once

#include <span>
#include <vector>

namespace aios::stats {

class UDistribution {
 public:
  // Both sides at most kExactLimit.
  static UDistribution without_ties(int n1, int n2);
  // `groups`: sizes of the groups of equal values in the pooled sample; together at most kTiedLimit values.
  static UDistribution with_ties(std::span<const int> groups, int n1);

  double at_most(double u) const;   // P(U <= u)
  double at_least(double u) const;  // P(U >= u)
  double two_sided(double u) const;
  double smallest_two_sided() const;
  const std::vector<long double>& arrangements() const { return ways_; }  // by twice U

 private:
  explicit UDistribution(std::vector<long double> ways);
  std::vector<long double> ways_;  // index: twice U
  long double total_ = 0;
};

inline constexpr int kExactLimit = 50;
inline constexpr int kTiedLimit = 64;

// f(u) for u = 0..n1*n2: the number of arrangements without ties.
std::vector<long double> u_arrangements(int n1, int n2);

// The smallest two-sided p that samples of these sizes can ever give, and what a level therefore needs per side.
double smallest_p(int n1, int n2);
int samples_needed(double alpha);

}  // namespace aios::stats
