// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/noise_fence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/stats/random.h"

namespace aios::stats {
namespace {

using ::testing::HasSubstr;

TEST(NoiseFence, AHistoryThatNeverMovedHasNone) {
  std::vector<double> history(80, 12'950);
  history.back() = 12'951;
  const NoiseFence fence = learn_fence(history).value();
  EXPECT_TRUE(fence.learned);
  EXPECT_EQ(fence.relative, 0);
  EXPECT_TRUE(fence.crossed_by(1.0 / 12'950));
  EXPECT_FALSE(fence.crossed_by(0));
}

TEST(NoiseFence, ThirdQuartileAndThreeRanges) {
  std::vector<double> changes;
  for (int i = 0; i <= 100; ++i) changes.push_back((i % 2 == 0 ? 1 : -1) * i * 1e-4);
  const NoiseFence fence = fence_of_changes(changes, {.window = 101}).value();
  EXPECT_NEAR(fence.relative, 0.0075 + 3 * 0.005, 1e-12);
  EXPECT_NEAR(fence.largest, 0.01, 1e-12);
  const NoiseFence newest = fence_of_changes(changes, {.window = 51}).value();
  EXPECT_NEAR(newest.relative, 0.00875 + 3 * 0.0025, 1e-12);
}

TEST(NoiseFence, AShortHistoryTeachesNothingAndSaysSo) {
  const std::vector<double> history = {100, 101, 100};
  const NoiseFence fence = learn_fence(history).value();
  EXPECT_FALSE(fence.learned);
  EXPECT_EQ(fence.relative, 0.002);
  EXPECT_THAT(fence.warnings.at(0), HasSubstr("2 changes teach no fence (50 would)"));
  EXPECT_FALSE(learn_fence({}).value().learned);
}

TEST(NoiseFence, NullChangesMadeOnPurposeNeverCross) {
  std::vector<double> changes(9, 0.001);
  changes[4] = -0.02;
  const NoiseFence fence = fence_of_changes(changes, {.least = 6, .largest_too = true}).value();
  EXPECT_TRUE(fence.learned);
  for (const double change : changes) EXPECT_FALSE(fence.crossed_by(change));
}

TEST(NoiseFence, NormalNoiseSeldomCrosses) {
  Random random(51);
  std::vector<double> history;
  for (int i = 0; i < 2001; ++i) history.push_back(1e6 * (1 + 0.001 * random.normal()));
  const NoiseFence fence = learn_fence(std::span(history).first(101)).value();
  int crossed = 0;
  for (std::size_t i = 102; i < history.size(); ++i)
    crossed += fence.crossed_by(history[i] / history[i - 1] - 1) ? 1 : 0;
  EXPECT_LT(crossed, 10);  // of 1,899
  EXPECT_TRUE(fence.crossed_by(0.02));
}

TEST(NoiseFence, Magnitudes) {
  std::vector<double> changes(60, 0.001);
  const NoiseFence fence = fence_of_changes(changes).value();
  EXPECT_EQ(magnitude(fence, 0.0005), Magnitude::none);
  EXPECT_EQ(magnitude(fence, -0.0014), Magnitude::very_small);
  EXPECT_EQ(magnitude(fence, 0.0029), Magnitude::small);
  EXPECT_EQ(magnitude(fence, 0.0059), Magnitude::medium);
  EXPECT_EQ(magnitude(fence, 0.0119), Magnitude::large);
  EXPECT_EQ(to_string(magnitude(fence, 0.5)), "very large");
  EXPECT_EQ(magnitude(NoiseFence{}, 1e-9), Magnitude::very_large);
}

TEST(NoiseFence, FromZeroThereIsNoRatio) {
  std::vector<double> history(60, 0);
  history[30] = 5;
  history[31] = 0;
  const NoiseFence fence = learn_fence(history).value();
  EXPECT_EQ(fence.changes, 58);
  EXPECT_THAT(fence.warnings.at(0), HasSubstr("1 changes from 0"));
}

}  // namespace
}  // namespace aios::stats
