// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/mann_whitney.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/ranks.h"
#include "harness/stats/sample_check.h"
#include "harness/stats/u_distribution.h"

namespace aios::stats {
namespace {

double normal_two_sided(double u, double n1, double n2, const std::vector<int>& groups) {
  const double n = n1 + n2;
  double ties = 0;
  for (const int size : groups) {
    const double t = size;
    ties += t * t * t - t;
  }
  const double variance = n1 * n2 / 12 * ((n + 1) - ties / (n * (n - 1)));
  const double distance = std::max(0.0, std::fabs(u - n1 * n2 / 2) - 0.5);
  return std::min(1.0, std::erfc(distance / std::sqrt(2 * variance)));
}

}  // namespace

Result<MannWhitney> mann_whitney(std::span<const double> x, std::span<const double> y) {
  TRY(check_sample(x, "the first sample"));
  TRY(check_sample(y, "the second sample"));
  const auto n1 = static_cast<int>(x.size());
  const auto n2 = static_cast<int>(y.size());
  std::vector<double> pooled(x.begin(), x.end());
  pooled.insert(pooled.end(), y.begin(), y.end());
  const Ranks ranks = rank(pooled);

  double rank_sum = 0;  // of y: y's rank counts the x below it
  for (int i = n1; i < n1 + n2; ++i) rank_sum += ranks.ranks[static_cast<std::size_t>(i)];
  MannWhitney out;
  out.u = rank_sum - 0.5 * n2 * (n2 + 1.0);
  out.tied = ranks.tied();
  if (ranks.constant()) {
    out.warnings.emplace_back("no variation: every value is the same");
    return out;
  }
  const bool few = out.tied ? n1 + n2 <= kTiedLimit : std::max(n1, n2) <= kExactLimit;
  if (few) {
    const UDistribution law =
        out.tied ? UDistribution::with_ties(ranks.groups, n1) : UDistribution::without_ties(n1, n2);
    out.p = law.two_sided(out.u);
    out.smallest_p = law.smallest_two_sided();
  } else {
    out.exact = false;
    out.p = normal_two_sided(out.u, n1, n2, ranks.groups);
    out.smallest_p = smallest_p(n1, n2);
    out.warnings.emplace_back("normal approximation: too many values for the exact test");
  }
  if (out.smallest_p > 0.05) {
    out.warnings.push_back(fmt::format("{} against {} values can never give p <= 0.05 (at best {:.3g}); {} a side can",
                                       n1, n2, out.smallest_p, samples_needed(0.05)));
  }
  return out;
}

}  // namespace aios::stats
