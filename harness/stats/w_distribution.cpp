// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/w_distribution.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace aios::stats {

WDistribution::WDistribution(std::span<const double> ranks) {
  std::vector<std::size_t> steps;  // twice the rank: a whole number, 2 or more, even for mid-ranks
  for (const double rank : ranks) steps.push_back(static_cast<std::size_t>(std::lround(2 * rank)));
  ways_.assign(std::accumulate(steps.begin(), steps.end(), std::size_t{0}) + 1, 0);
  ways_[0] = 1;
  std::size_t reached = 0;
  for (const std::size_t step : steps) {
    reached += step;
    for (std::size_t sum = reached; sum >= step; --sum) ways_[sum] += ways_[sum - step];
    total_ *= 2;
  }
}

WDistribution WDistribution::without_ties(int n) {
  std::vector<double> ranks(static_cast<std::size_t>(std::max(n, 0)));
  std::iota(ranks.begin(), ranks.end(), 1.0);
  return WDistribution(ranks);
}

double WDistribution::at_most(double w) const {
  const long end = std::min<long>(std::lround(2 * w), static_cast<long>(ways_.size()) - 1);
  long double sum = 0;
  for (long i = 0; i <= end; ++i) sum += ways_[static_cast<std::size_t>(i)];
  return static_cast<double>(sum / total_);
}

double WDistribution::two_sided(double w) const {
  const double top = static_cast<double>(ways_.size() - 1) / 2;
  return std::min(1.0, 2 * at_most(std::min(w, top - w)));  // symmetric
}

double WDistribution::smallest_two_sided() const { return static_cast<double>(std::min(1.0L, 2 * ways_[0] / total_)); }

double smallest_paired_p(int n) { return n < 1 ? 1 : std::min(1.0, std::ldexp(1.0, 1 - n)); }

int pairs_needed(double alpha) {
  int n = 1;
  while (n < 1000 && smallest_paired_p(n) > alpha) ++n;
  return n;
}

}  // namespace aios::stats
