// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/hodges_lehmann.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "harness/stats/mann_whitney.h"

namespace aios::stats {
namespace {

using ::testing::HasSubstr;

std::vector<double> draw(std::mt19937& source, int n, double mean, double deviation) {
  std::normal_distribution<double> normal(mean, deviation);
  std::vector<double> out;
  for (int i = 0; i < n; ++i) out.push_back(normal(source));
  return out;
}

TEST(HodgesLehmann, MedianOfThePairwiseDifferences) {
  const std::vector<double> x = {1, 2, 4};
  const std::vector<double> y = {11, 13};
  EXPECT_DOUBLE_EQ(hodges_lehmann_shift(x, y).value().value, 9.5);  // 7 9 9 10 11 12
}

// k = the largest with P(U <= k-1) <= 0.025: at 5 and 5, P(U <= 2) = 4/252, P(U <= 3) = 7/252, so k = 3.
TEST(HodgesLehmann, TheIntervalOfFiveAndFive) {
  const std::vector<double> x = {0, 0.1, 0.3, 0.7, 1.5};
  const std::vector<double> y = {10, 20, 40, 80, 160};
  const Estimate result = hodges_lehmann_shift(x, y).value();
  EXPECT_DOUBLE_EQ(result.interval.attained, 1 - 2 * 4.0 / 252);
  EXPECT_DOUBLE_EQ(result.interval.low, 10 - 0.3);
  EXPECT_DOUBLE_EQ(result.interval.high, 160 - 0.3);
}

TEST(HodgesLehmann, ExcludesNoChangeExactlyWhenTheTestDoes) {
  std::mt19937 source(11);
  int outside = 0;
  for (int round = 0; round < 600; ++round) {
    const auto x = draw(source, 4 + round % 9, 100, 1);
    const auto y = draw(source, 4 + round % 7, 100 + (round % 3) * 0.8, 1);
    for (const double confidence : {0.9, 0.95, 0.99}) {
      const double p = mann_whitney(x, y).value().p;
      const auto shift = hodges_lehmann_shift(x, y, confidence).value();
      const auto ratio = hodges_lehmann_ratio(x, y, confidence).value();
      EXPECT_EQ(!shift.interval.contains(0), p <= 1 - confidence + 1e-12) << p;
      EXPECT_EQ(!ratio.interval.contains(1), p <= 1 - confidence + 1e-12) << p;
      outside += shift.interval.contains(0) ? 0 : 1;
    }
  }
  EXPECT_GT(outside, 100);
}

TEST(HodgesLehmann, ScalesWithItsUnit) {
  std::mt19937 source(12);
  auto x = draw(source, 8, 100, 2);
  auto y = draw(source, 9, 105, 2);
  const auto shift = hodges_lehmann_shift(x, y).value();
  const auto ratio = hodges_lehmann_ratio(x, y).value();
  for (double& value : x) value *= 1000;
  for (double& value : y) value *= 1000;
  EXPECT_NEAR(hodges_lehmann_shift(x, y).value().value, 1000 * shift.value, 1e-8);
  EXPECT_NEAR(hodges_lehmann_ratio(x, y).value().value, ratio.value, 1e-12);
  EXPECT_NEAR(hodges_lehmann_ratio(x, y).value().interval.low, ratio.interval.low, 1e-12);
}

TEST(HodgesLehmann, CoversTheTruthAsOftenAsItSays) {
  std::mt19937 source(13);
  int covered = 0;
  constexpr int kRounds = 3000;
  for (int round = 0; round < kRounds; ++round) {
    const auto interval = hodges_lehmann_shift(draw(source, 6, 100, 1), draw(source, 6, 103, 1)).value().interval;
    covered += interval.contains(3) ? 1 : 0;
  }
  EXPECT_GT(covered, kRounds * 0.94);
  EXPECT_LT(covered, kRounds * 0.98);
}

TEST(HodgesLehmann, TooFewValuesBoundNothingAndSaySo) {
  const std::vector<double> x = {1, 2, 3};
  const auto result = hodges_lehmann_ratio(x, x).value();
  EXPECT_FALSE(result.interval.bounded());
  EXPECT_EQ(result.interval.low, 0);
  EXPECT_THAT(result.interval.warnings.at(0), HasSubstr("4 a side are needed"));
}

TEST(HodgesLehmann, RatiosNeedPositiveValues) {
  const std::vector<double> x = {1, 2, 0};
  const auto error = hodges_lehmann_ratio(x, x).error();
  EXPECT_THAT(error.what, HasSubstr("the first sample[2] is 0"));
  EXPECT_TRUE(hodges_lehmann_shift(x, x).ok());
}

TEST(HodgesLehmann, ManyValuesUseTheApproximationAndSaySo) {
  std::mt19937 source(14);
  const auto x = draw(source, 60, 100, 1);
  const auto y = draw(source, 60, 101, 1);
  const auto result = hodges_lehmann_shift(x, y).value();
  EXPECT_NEAR(result.interval.attained, 0.95, 0.001);
  EXPECT_TRUE(result.interval.contains(1));
  EXPECT_FALSE(result.interval.contains(0));
  EXPECT_FALSE(result.interval.warnings.empty());
}

}  // namespace
}  // namespace aios::stats
