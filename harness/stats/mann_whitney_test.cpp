// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/mann_whitney.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "harness/stats/u_distribution.h"

namespace aios::stats {
namespace {

using ::testing::HasSubstr;

std::vector<double> draw(std::mt19937& source, int n, double shift) {
  std::normal_distribution<double> normal(100 + shift, 1);
  std::vector<double> out;
  for (int i = 0; i < n; ++i) out.push_back(normal(source));
  return out;
}

// Hollander and Wolfe's permeability data: U = 35 of 50, one-sided p = 0.1272.
TEST(MannWhitney, TheTextbookExample) {
  const std::vector<double> x = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  const std::vector<double> y = {1.15, 0.88, 0.90, 0.74, 1.21};
  const MannWhitney result = mann_whitney(x, y).value();
  EXPECT_EQ(result.u, 15);
  EXPECT_NEAR(result.p, 2 * 0.1272, 1e-4);
  EXPECT_TRUE(result.exact);
  EXPECT_FALSE(result.tied);
}

TEST(MannWhitney, SidesTradedGiveTheRestOfThePairsAndTheSameP) {
  std::mt19937 source(7);
  for (int round = 0; round < 50; ++round) {
    const auto x = draw(source, 3 + round % 7, 0);
    const auto y = draw(source, 4 + round % 5, 0.5);
    const auto forth = mann_whitney(x, y).value();
    const auto back = mann_whitney(y, x).value();
    EXPECT_DOUBLE_EQ(forth.u + back.u, static_cast<double>(x.size() * y.size()));
    EXPECT_DOUBLE_EQ(forth.p, back.p);
  }
}

TEST(MannWhitney, MonotoneMapsChangeNothing) {
  std::mt19937 source(8);
  auto x = draw(source, 9, 0);
  auto y = draw(source, 8, 1);
  y[3] = x[2];  // a tie
  const auto plain = mann_whitney(x, y).value();
  for (auto* side : {&x, &y}) {
    for (double& value : *side) value = std::exp(value / 10);
  }
  const auto mapped = mann_whitney(x, y).value();
  EXPECT_EQ(plain.u, mapped.u);
  EXPECT_EQ(plain.p, mapped.p);
  EXPECT_TRUE(plain.tied);
  EXPECT_TRUE(plain.exact);
}

TEST(MannWhitney, FarApartGivesTheSmallestP) {
  const std::vector<double> x = {1, 2, 3, 4, 5};
  const std::vector<double> y = {6, 7, 8, 9, 10};
  const auto result = mann_whitney(x, y).value();
  EXPECT_DOUBLE_EQ(result.p, 1.0 / 126);
  EXPECT_DOUBLE_EQ(result.p, result.smallest_p);
  EXPECT_EQ(result.u, 25);
}

TEST(MannWhitney, TooFewValuesSayHowManyAreNeeded) {
  const std::vector<double> x = {1, 2, 3};
  const std::vector<double> y = {4, 5, 6};
  const auto result = mann_whitney(x, y).value();
  EXPECT_DOUBLE_EQ(result.p, 0.1);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_THAT(result.warnings[0], HasSubstr("4 a side can"));
}

TEST(MannWhitney, ApproximationAgreesWithTheExactLawAtItsEdge) {
  std::mt19937 source(9);
  auto x = draw(source, 32, 0);
  auto y = draw(source, 32, 0.6);
  x[0] = y[0];
  const auto exact = mann_whitney(x, y).value();
  ASSERT_TRUE(exact.exact);
  const auto more = draw(source, 1, 0.3);
  y.push_back(more[0]);
  const auto approximate = mann_whitney(x, y).value();
  ASSERT_FALSE(approximate.exact);
  EXPECT_NEAR(exact.p, approximate.p, 0.02);
  EXPECT_FALSE(approximate.warnings.empty());
}

TEST(MannWhitney, ConstantSeriesIsNoDifference) {
  const std::vector<double> same(6, 42);
  const auto result = mann_whitney(same, same).value();
  EXPECT_EQ(result.p, 1);
  EXPECT_THAT(result.warnings.at(0), HasSubstr("no variation"));
}

TEST(MannWhitney, RefusesWhatIsNoSample) {
  const std::vector<double> good = {1, 2};
  const std::vector<double> bad = {1, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_FALSE(mann_whitney(good, {}).ok());
  EXPECT_THAT(mann_whitney(good, bad).error().what, HasSubstr("the second sample[1]"));
}

// Samples from one source: p <= 0.05 may come at most one time in twenty.
TEST(MannWhitney, HoldsItsLevel) {
  std::mt19937 source(10);
  int alarms = 0;
  for (int round = 0; round < 4000; ++round)
    alarms += mann_whitney(draw(source, 8, 0), draw(source, 8, 0)).value().p <= 0.05;
  EXPECT_LT(alarms, 4000 * 0.06);
  EXPECT_GT(alarms, 4000 * 0.03);  // the exact level at 8 and 8 is 0.0499
}

}  // namespace
}  // namespace aios::stats
