// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/clopper_pearson.h"

#include <gtest/gtest.h>

#include <cmath>

namespace aios::stats {
namespace {

TEST(ClopperPearson, KnownIntervals) {
  const Estimate ten = clopper_pearson(10, 200).value();
  EXPECT_DOUBLE_EQ(ten.value, 0.05);
  EXPECT_NEAR(ten.interval.low, 0.0242, 5e-5);
  EXPECT_NEAR(ten.interval.high, 0.0900, 5e-5);
  EXPECT_NEAR(rate_at_most(0, 200).value(), 1 - std::pow(0.05, 1.0 / 200), 1e-12);  // 1.5 %
  EXPECT_NEAR(clopper_pearson(0, 200).value().interval.high, 1 - std::pow(0.025, 1.0 / 200), 1e-12);
}

// The ends are where the tails of the binomial law hold just half of what may be left out.
TEST(ClopperPearson, TheTailsAreHeld) {
  const auto at_most = [](int hits, int trials, double rate) {
    double sum = 0;
    for (int k = 0; k <= hits; ++k) {
      sum += std::exp(std::lgamma(trials + 1) - std::lgamma(k + 1) - std::lgamma(trials - k + 1) + k * std::log(rate) +
                      (trials - k) * std::log1p(-rate));
    }
    return sum;
  };
  for (const int hits : {1, 4, 19}) {
    const Interval interval = clopper_pearson(hits, 20).value().interval;
    EXPECT_NEAR(at_most(hits, 20, interval.high), 0.025, 1e-9);
    EXPECT_NEAR(1 - at_most(hits - 1, 20, interval.low), 0.025, 1e-9);
  }
}

TEST(ClopperPearson, EdgesAndErrors) {
  EXPECT_EQ(clopper_pearson(0, 5).value().interval.low, 0);
  EXPECT_EQ(clopper_pearson(5, 5).value().interval.high, 1);
  EXPECT_EQ(rate_at_most(5, 5).value(), 1);
  EXPECT_EQ(clopper_pearson(6, 5).error().what, "6 of 5 is no rate");
  EXPECT_FALSE(clopper_pearson(0, 0).ok());
  EXPECT_FALSE(clopper_pearson(1, 5, 1).ok());
}

}  // namespace
}  // namespace aios::stats
