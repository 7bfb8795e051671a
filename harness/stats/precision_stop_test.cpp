// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/precision_stop.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/stats/random.h"
#include "harness/stats/signed_rank.h"

namespace aios::stats {
namespace {

TEST(PrecisionStop, StopsWhenTheIntervalIsNarrow) {
  std::vector<double> ratios;
  Random random(61);
  Precision precision;
  while (!precision.reached && ratios.size() < 200) {
    ratios.push_back(0.01 * random.normal());
    precision = precision_of(ratios, {.margin = 0.02}).value();
  }
  EXPECT_TRUE(precision.reached);
  EXPECT_LE(precision.half_width, std::log(1.02) / 2);
  EXPECT_EQ(precision.blocks_expected, precision.blocks);
  EXPECT_GT(precision.blocks, 6);
  EXPECT_LT(precision.blocks, 25);
}

TEST(PrecisionStop, SaysHowManyBlocksItWillTake) {
  Random random(62);
  std::vector<double> ratios;
  for (int i = 0; i < 12; ++i) ratios.push_back(0.05 * random.normal());
  const Precision precision = precision_of(ratios, {.margin = 0.02}).value();
  EXPECT_FALSE(precision.reached);
  EXPECT_GT(precision.blocks_expected, 40);
  EXPECT_LT(precision.blocks_expected, 300);
}

TEST(PrecisionStop, FewBlocksBoundNothing) {
  const std::vector<double> equal(5, 0.0);
  const Precision five = precision_of(equal).value();
  EXPECT_FALSE(five.reached);
  EXPECT_TRUE(std::isinf(five.half_width));
  EXPECT_EQ(five.blocks_expected, 0);
  const std::vector<double> six(6, 0.0);
  EXPECT_TRUE(precision_of(six).value().reached);
  EXPECT_FALSE(precision_of(six, {.confidence = 0.99}).value().reached);
}

// Looking again and again for precision does not find what is not there more often than one look.
TEST(PrecisionStop, KeepsTheLevel) {
  int alarms = 0;
  constexpr int kRuns = 600;
  for (int run = 0; run < kRuns; ++run) {
    Random random(1000 + static_cast<std::uint64_t>(run));
    std::vector<double> ratios;
    Precision precision;
    while (!precision.reached && ratios.size() < 60) {
      ratios.push_back(0.012 * random.normal());
      if (ratios.size() >= 6) precision = precision_of(ratios, {.margin = 0.02}).value();
    }
    alarms += signed_rank(ratios).value().p <= 0.05 ? 1 : 0;
  }
  EXPECT_LT(alarms, kRuns * 0.075);
}

TEST(PrecisionStop, BadInput) {
  EXPECT_FALSE(precision_of({}).ok());
  const std::vector<double> one = {0.1};
  EXPECT_FALSE(precision_of(one, {.margin = -1}).ok());
}

}  // namespace
}  // namespace aios::stats
