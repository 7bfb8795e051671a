// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/max_t.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/stats/random.h"

namespace aios::stats {
namespace {

// What the table was made from.
std::vector<double> simulated_max_t(std::size_t n, int rounds, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> series(n), out;
  for (int round = 0; round < rounds; ++round) {
    for (double& value : series) value = random.normal();
    out.push_back(best_split(series).t);
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(MaxT, TheTableAgreesWithAnotherSimulationOfIt) {
  // By another hand, 200,000 to 400,000 series each.
  const struct {
    std::size_t n;
    double at05, at01, at001;
  } known[] = {{12, 3.176, 4.246, 5.910},
               {20, 3.116, 3.924, 5.034},
               {50, 3.087, 3.707, 4.504},
               {100, 3.112, 3.677, 4.343},
               {200, 3.155, 3.692, 4.338}};
  for (const auto& row : known) {
    EXPECT_NEAR(max_t_critical(row.n, 0.05), row.at05, 0.015) << row.n;
    EXPECT_NEAR(max_t_critical(row.n, 0.01), row.at01, 0.025) << row.n;
    EXPECT_NEAR(max_t_critical(row.n, 0.001), row.at001, 0.06) << row.n;
  }
}

TEST(MaxT, NoiseExceedsACriticalValueAsOftenAsItSays) {
  for (const std::size_t n : {9U, 35U, 120U}) {  // between rows of the table
    constexpr int kRounds = 4000;
    const auto found = simulated_max_t(n, kRounds, 81 + n);
    for (const double level : {0.2, 0.05, 0.01}) {
      const double critical = max_t_critical(n, level);
      const auto over = found.end() - std::upper_bound(found.begin(), found.end(), critical);
      EXPECT_NEAR(static_cast<double>(over), level * kRounds, 4 * std::sqrt(level * kRounds)) << n << " " << level;
    }
  }
}

TEST(MaxT, FallsWithTAndIsContinuous) {
  for (const std::size_t n : {6U, 17U, 400U, 5000U, 1'000'000U}) {
    double last = 1;
    for (double t = 0.1; t < 30; t *= 1.002) {
      const double p = max_t_p(n, t);
      EXPECT_LE(p, last * (1 + 1e-12)) << n << " " << t;
      if (p < 0.4 && p > 1e-12) {
        EXPECT_GT(p, last * 0.7) << n << " " << t;
      }
      last = p;
    }
    EXPECT_LT(last, 1e-3);
  }
  EXPECT_EQ(max_t_p(50, INFINITY), 0);
  EXPECT_EQ(max_t_p(5, 100), 1);
}

TEST(MaxT, LongerSeriesNeedMore) {
  EXPECT_GT(max_t_critical(1'000'000, 0.01), max_t_critical(5000, 0.01));
  EXPECT_LT(max_t_critical(1'000'000, 0.01), max_t_critical(5000, 0.01) + 0.3);
}

TEST(MaxT, TheBestSplitIsTheLargestTOfAll) {
  Random random(82);
  for (int round = 0; round < 40; ++round) {
    std::vector<double> series(static_cast<std::size_t>(6 + round));
    for (std::size_t i = 0; i < series.size(); ++i) series[i] = 1e6 + random.normal() + (i > 10 ? 1 : 0);
    double largest = 0;
    std::size_t at = 0;
    for (std::size_t k = kLeastSide; k + kLeastSide <= series.size(); ++k) {
      double means[2] = {0, 0}, squares = 0;
      for (std::size_t i = 0; i < series.size(); ++i) {
        const auto size = static_cast<double>(i < k ? k : series.size() - k);
        means[i < k ? 0 : 1] += series[i] / size;
      }
      for (std::size_t i = 0; i < series.size(); ++i) squares += std::pow(series[i] - means[i < k ? 0 : 1], 2);
      const auto left = static_cast<double>(k), right = static_cast<double>(series.size() - k);
      const double t =
          std::fabs(means[0] - means[1]) / std::sqrt(squares / (left + right - 2) * (1 / left + 1 / right));
      if (t > largest) {
        largest = t;
        at = k;
      }
    }
    const Split split = best_split(series);
    EXPECT_EQ(split.index, at);
    EXPECT_NEAR(split.t, largest, 1e-5 * largest);
  }
}

TEST(MaxT, EqualValuesAndCleanSteps) {
  std::vector<double> series(40, 0.1);
  EXPECT_EQ(best_split(series).t, 0);
  std::fill(series.begin() + 25, series.end(), 0.3);
  const Split split = best_split(series);
  EXPECT_EQ(split.index, 25U);
  EXPECT_TRUE(std::isinf(split.t));
  EXPECT_EQ(best_split(std::vector<double>{1, 2, 3, 4, 5}).t, 0);
}

}  // namespace
}  // namespace aios::stats
