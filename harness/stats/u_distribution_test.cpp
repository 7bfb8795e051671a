// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/u_distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace aios::stats {
namespace {

TEST(UDistribution, TheSmallestPOfEverySize) {
  const double known[] = {1.0 / 3, 0.1, 1.0 / 35, 1.0 / 126, 1.0 / 462, 1.0 / 1716, 1.0 / 6435, 1.0 / 24310};
  for (int n = 2; n <= 9; ++n) {
    EXPECT_NEAR(smallest_p(n, n), known[n - 2], 1e-15) << n;
    EXPECT_NEAR(UDistribution::without_ties(n, n).smallest_two_sided(), known[n - 2], 1e-15) << n;
  }
  EXPECT_EQ(samples_needed(0.05), 4);
  EXPECT_EQ(samples_needed(0.01), 5);
  EXPECT_EQ(samples_needed(0.001), 7);
}

TEST(UDistribution, ArrangementsAreSymmetricAndSumToAllDeals) {
  for (int n1 = 1; n1 <= 12; ++n1) {
    for (int n2 = 1; n2 <= 12; ++n2) {
      const auto f = u_arrangements(n1, n2);
      ASSERT_EQ(f.size(), static_cast<std::size_t>(n1 * n2 + 1));
      long double all = 1;
      for (int i = 1; i <= n1; ++i) all = all * (n2 + i) / i;
      EXPECT_EQ(std::accumulate(f.begin(), f.end(), 0.0L), std::round(all)) << n1 << " " << n2;
      for (std::size_t u = 0; u < f.size(); ++u) EXPECT_EQ(f[u], f[f.size() - 1 - u]);
    }
  }
}

TEST(UDistribution, FiftyASideStillSumsToAllDeals) {
  const auto f = u_arrangements(kExactLimit, kExactLimit);
  const long double log_all = std::lgamma(101.0L) - 2 * std::lgamma(51.0L);
  EXPECT_NEAR(static_cast<double>(std::log(std::accumulate(f.begin(), f.end(), 0.0L)) / log_all), 1, 1e-12);
  for (const long double count : f) EXPECT_GE(count, 1);
}

// Every deal of the values to the two sides, counted one by one.
std::vector<long double> deal_all(const std::vector<int>& groups, int n1) {
  std::vector<int> values;
  for (std::size_t g = 0; g < groups.size(); ++g) values.insert(values.end(), static_cast<std::size_t>(groups[g]), g);
  const auto n = static_cast<int>(values.size());
  std::vector<long double> ways(static_cast<std::size_t>(2 * n1 * (n - n1) + 1), 0);
  for (unsigned mask = 0; mask < (1U << n); ++mask) {
    if (__builtin_popcount(mask) != n1) continue;
    int twice_u = 0;
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        if (!(mask >> i & 1U) || (mask >> j & 1U)) continue;
        const int x = values[static_cast<std::size_t>(i)];
        const int y = values[static_cast<std::size_t>(j)];
        twice_u += x < y ? 2 : x == y ? 1 : 0;
      }
    }
    ++ways[static_cast<std::size_t>(twice_u)];
  }
  return ways;
}

TEST(UDistribution, WithTiesEqualsCountingEveryDeal) {
  const std::vector<std::vector<int>> cases = {{1, 1, 1, 1, 1}, {2, 1, 3}, {4, 4}, {1, 5, 1, 2}, {3, 3, 3}, {7}};
  for (const auto& groups : cases) {
    const int n = std::accumulate(groups.begin(), groups.end(), 0);
    for (int n1 = 1; n1 < n; ++n1) {
      EXPECT_EQ(UDistribution::with_ties(groups, n1).arrangements(), deal_all(groups, n1));
    }
  }
}

TEST(UDistribution, WithoutTiesIsTheCaseOfGroupsOfOne) {
  const std::vector<int> ones(11, 1);
  EXPECT_EQ(UDistribution::with_ties(ones, 4).arrangements(), UDistribution::without_ties(4, 7).arrangements());
}

TEST(UDistribution, TailsMeetInTheMiddle) {
  const auto law = UDistribution::without_ties(5, 6);
  for (int u = 0; u <= 30; ++u) EXPECT_NEAR(law.at_most(u), law.at_least(30 - u), 1e-15);
  EXPECT_EQ(law.two_sided(15), 1);
}

}  // namespace
}  // namespace aios::stats
