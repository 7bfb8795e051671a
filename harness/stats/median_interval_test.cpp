// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/median_interval.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "harness/stats/quantile.h"
#include "harness/stats/ranks.h"

namespace aios::stats {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<double> one_to(int n) {
  std::vector<double> out(static_cast<std::size_t>(n));
  std::iota(out.begin(), out.end(), 1.0);
  return out;
}

TEST(MedianInterval, SixValuesAreTheFirstThatCan) {
  EXPECT_EQ(median_samples_needed(0.95), 6);
  const Interval six = median_interval(one_to(6)).value().interval;
  EXPECT_EQ(six.low, 1);
  EXPECT_EQ(six.high, 6);
  EXPECT_NEAR(six.attained, 1 - 2.0 / 64, 1e-12);
  const Interval five = median_interval(one_to(5)).value().interval;
  EXPECT_FALSE(five.bounded());
  EXPECT_THAT(five.warnings.at(0), HasSubstr("6 can"));
}

// Tables of order-statistic intervals: n = 10 takes ranks 2 and 9 (97.9 %), n = 9 ranks 2 and 8 (96.1 %).
TEST(MedianInterval, KnownRanks) {
  const Interval nine = median_interval(one_to(9)).value().interval;
  EXPECT_EQ(nine.low, 2);
  EXPECT_EQ(nine.high, 8);
  EXPECT_NEAR(nine.attained, 0.9609375, 1e-12);
  const Interval ten = median_interval(one_to(10)).value().interval;
  EXPECT_GE(ten.attained, 0.95);
  EXPECT_EQ(ten.low, 2);
}

TEST(MedianInterval, AttainsWhatWasAskedAtEverySize) {
  for (int n = 6; n <= 400; n += 7) {
    const Estimate result = median_interval(one_to(n)).value();
    EXPECT_GE(result.interval.attained, 0.95) << n;
    EXPECT_LT(result.interval.attained, 0.99) << n;
    EXPECT_TRUE(result.interval.contains(result.value)) << n;
  }
}

TEST(MedianInterval, CoversTheMedian) {
  std::mt19937 source(3);
  std::exponential_distribution<double> skewed(std::log(2.0));  // median 1
  int covered = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<double> values(12);
    for (double& value : values) value = skewed(source);
    covered += median_interval(values).value().interval.contains(1) ? 1 : 0;
  }
  EXPECT_GT(covered, 3000 * 0.945);
}

TEST(Quantile, TypeSeven) {
  const std::vector<double> values = {4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(median(values), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 4);
  EXPECT_TRUE(std::isnan(median({})));
}

TEST(Ranks, EqualValuesShareTheirRank) {
  const std::vector<double> values = {30, 10, 20, 10, 20, 20};
  const Ranks ranks = rank(values);
  EXPECT_THAT(ranks.ranks, ElementsAre(6, 1.5, 4, 1.5, 4, 4));
  EXPECT_THAT(ranks.groups, ElementsAre(2, 3, 1));
  EXPECT_TRUE(ranks.tied());
}

}  // namespace
}  // namespace aios::stats
