// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/change_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "harness/stats/change_search.h"
#include "harness/stats/level_steps.h"
#include "harness/stats/random.h"
#include "harness/stats/series_noise.h"

namespace aios::stats {
namespace {

using ::testing::HasSubstr;

std::vector<double> noise_series(std::uint64_t seed, std::size_t n) {
  Random random(seed);
  std::vector<double> out(n);
  for (double& value : out) value = 100 + random.normal();
  return out;
}

std::vector<double> with_step(std::vector<double> series, std::size_t at, double step) {
  for (std::size_t i = at; i < series.size(); ++i) series[i] += step;
  return series;
}

bool finds(const ChangePoints& found, std::size_t at, std::size_t within) {
  for (const ChangePoint& point : found.points) {
    if (point.index + within >= at && point.index <= at + within) return true;
  }
  return false;
}

// The large figures come from the bench; this is enough to see a broken detector.
TEST(ChangePoints, NoiseShowsFewerThanOnePointInTenSeries) {
  std::size_t points = 0;
  constexpr int kSeries = 200;
  for (int i = 0; i < kSeries; ++i) {
    points += change_points(noise_series(static_cast<std::uint64_t>(i), 1000)).value().points.size();
  }
  EXPECT_LT(points, 5U);  // expected 0.5; the bound asked for would be 20
}

TEST(ChangePoints, StepsOfThreeDeviationsAreFoundWithinTwo) {
  int found = 0;
  constexpr int kSeries = 200;
  for (int i = 0; i < kSeries; ++i) {
    const auto seed = static_cast<std::uint64_t>(10'000 + i);
    const std::size_t at = 50 + Random(seed).below(900);
    found += finds(change_points(with_step(noise_series(seed + 500, 1000), at, i % 2 == 0 ? 3 : -3)).value(), at, 2);
  }
  EXPECT_GE(found, 196);  // 99.5 % are expected
}

TEST(ChangePoints, SayWhatChanged) {
  const auto found = change_points(with_step(noise_series(3, 120), 70, 5)).value();
  ASSERT_EQ(found.points.size(), 1U);
  const ChangePoint& point = found.points[0];
  EXPECT_NEAR(static_cast<double>(point.index), 70, 1);
  EXPECT_NEAR(point.before, 100, 0.5);
  EXPECT_NEAR(point.after, 105, 0.5);
  EXPECT_NEAR(point.relative(), 0.05, 0.008);
  EXPECT_NEAR(point.deviations, 5, 1.2);
  EXPECT_LT(point.p, 1e-6);
  EXPECT_NEAR(found.noise, 1, 0.2);
}

TEST(ChangePoints, SeveralLevelsAndAShortOne) {
  auto series = noise_series(4, 600);
  series = with_step(series, 100, 4);
  series = with_step(series, 300, -6);
  series = with_step(series, 320, 6);
  series = with_step(series, 500, 2);
  const auto found = change_points(series).value();
  EXPECT_EQ(found.points.size(), 4U);
  for (const std::size_t at : {100U, 300U, 320U, 500U}) EXPECT_TRUE(finds(found, at, 3)) << at;
}

TEST(ChangePoints, NeitherPlaceNorScaleMatters) {
  const auto series = with_step(noise_series(5, 300), 180, 2);
  auto other = series;
  for (double& value : other) value = 1e6 + 0.001 * value;
  const auto a = change_points(series).value();
  const auto b = change_points(other).value();
  ASSERT_EQ(a.points.size(), b.points.size());
  ASSERT_FALSE(a.points.empty());
  for (std::size_t i = 0; i < a.points.size(); ++i) EXPECT_EQ(a.points[i].index, b.points[i].index);
}

TEST(ChangePoints, BackwardsTheSamePoints) {
  auto series = with_step(with_step(noise_series(6, 400), 150, 5), 280, -4);
  const auto forwards = change_points(series).value();
  std::reverse(series.begin(), series.end());
  const auto backwards = change_points(series).value();
  ASSERT_EQ(forwards.points.size(), 2U);
  ASSERT_EQ(backwards.points.size(), 2U);
  EXPECT_NEAR(static_cast<double>(forwards.points[0].index), 400.0 - static_cast<double>(backwards.points[1].index), 1);
}

// What is not normal: the level holds all the same.
TEST(ChangePoints, OtherNoiseShowsFewPointsToo) {
  const std::vector<std::pair<const char*, std::function<double(Random&)>>> laws = {
      {"Student's t with 3 degrees",
       [](Random& random) {
         double squares = 0;
         for (int i = 0; i < 3; ++i) squares += std::pow(random.normal(), 2);
         return random.normal() / std::sqrt(squares / 3);
       }},
      {"log-normal", [](Random& random) { return std::exp(random.normal()); }},
      {"spikes", [](Random& random) { return random.uniform() < 0.03 ? 10 + random.normal() : random.normal(); }},
      {"whole numbers", [](Random& random) { return std::round(random.normal()); }}};
  for (const auto& [name, law] : laws) {
    std::size_t points = 0;
    for (int i = 0; i < 60; ++i) {
      Random random(static_cast<std::uint64_t>(700 + i));
      std::vector<double> series(500);
      for (double& value : series) value = law(random);
      points += change_points(series).value().points.size();
    }
    EXPECT_LE(points, 10U) << name;
  }
}

TEST(ChangePoints, NeighboursThatAreAlikeAreNoChange) {
  std::size_t points = 0, told = 0;
  for (int i = 0; i < 40; ++i) {
    Random random(static_cast<std::uint64_t>(900 + i));
    std::vector<double> series(1000);
    double last = 0;
    for (double& value : series) value = last = 0.6 * last + random.normal();
    const auto found = change_points(series).value();
    points += found.points.size();
    told += found.warnings.empty() ? 0 : 1;
  }
  EXPECT_LE(points, 4U);
  EXPECT_EQ(told, 40U);
}

TEST(ChangePoints, ASpikeIsNoChange) {
  auto series = noise_series(8, 200);
  series[60] = 1e6;
  series[61] = -1e6;
  series[199] = 1e9;
  EXPECT_TRUE(change_points(series).value().points.empty());
}

TEST(ChangePoints, ShortSeries) {
  EXPECT_TRUE(change_points({}).value().points.empty());
  const std::vector<double> five = {1, 2, 3, 4, 5};
  EXPECT_THAT(change_points(five).value().warnings.at(0), HasSubstr("too few"));
  std::vector<double> series = with_step(noise_series(9, 25), 20, 8);
  EXPECT_TRUE(finds(change_points(series).value(), 20, 1));
}

TEST(ChangePoints, ConstantSeriesAndCleanSteps) {
  std::vector<double> series(40, 12'950);
  EXPECT_TRUE(change_points(series).value().points.empty());
  EXPECT_TRUE(change_points(series).value().warnings.empty());
  series = with_step(series, 30, 1);
  const auto found = change_points(series).value();
  ASSERT_EQ(found.points.size(), 1U);
  EXPECT_EQ(found.points[0].index, 30U);
  EXPECT_EQ(found.points[0].after, 12'951);
  EXPECT_TRUE(std::isinf(found.points[0].deviations));
  series[10] = 13'000;  // once is no level
  EXPECT_EQ(change_points(series).value().points.size(), 1U);
}

TEST(ChangePoints, ValuesThatMostlyRepeat) {
  std::size_t points = 0;
  for (int i = 0; i < 60; ++i) {
    Random random(static_cast<std::uint64_t>(1100 + i));
    std::vector<double> series(120);
    for (double& value : series) value = random.uniform() < 0.1 ? 1 : 0;
    points += change_points(series).value().points.size();
  }
  EXPECT_LE(points, 4U);
  std::vector<double> many(20'000, 0);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = i % 10 == 0 ? 1 : 0;
  EXPECT_TRUE(change_points(many).value().points.empty());
  many = with_step(many, 15'000, 1);
  EXPECT_TRUE(finds(change_points(many).value(), 15'000, 10));
}

TEST(ChangePoints, Errors) {
  EXPECT_THAT(change_points(std::vector<double>{1, NAN, 3}).error().what, HasSubstr("the series[1] is nan"));
  EXPECT_FALSE(change_points(noise_series(1, 20), {.level = 0}).ok());
}

TEST(NormalScores, AnyLawBecomesNormal) {
  const std::vector<double> values = {5, 1e9, -3, 7, 6};
  const auto scores = normal_scores(values, 1);
  EXPECT_LT(scores[2], scores[0]);
  EXPECT_LT(scores[0], scores[4]);
  EXPECT_EQ(scores[4], 0);
  EXPECT_EQ(scores[1], -scores[2]);
}

TEST(SeriesNoise, StepsAndSpikesDoNotCount) {
  auto series = with_step(with_step(noise_series(12, 400), 100, 50), 300, -80);
  series[20] = 1e5;
  EXPECT_NEAR(series_noise(series).deviation, 1, 0.15);
  EXPECT_EQ(series_noise(series).alike, 0);
  const Tamed tamed = tame_spikes(series, 1);
  EXPECT_LT(tamed.values[20], 110);
  EXPECT_EQ(tamed.values[100], series[100]);
  EXPECT_EQ(tamed.values[300], series[300]);
}

TEST(LevelSteps, EveryChangeOfACleanSeries) {
  const std::vector<double> series = {323, 323, 323, 324, 324, 323};
  const auto steps = level_steps(series, 0).value();
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].index, 3U);
  EXPECT_EQ(steps[0].before, 323);
  EXPECT_EQ(steps[0].after, 324);
  EXPECT_EQ(steps[1].index, 5U);
  EXPECT_TRUE(level_steps(std::vector<double>(5, 7.0), 0).value().empty());
  EXPECT_TRUE(level_steps({}, 0).value().empty());
}

TEST(LevelSteps, WithinTheFenceIsNoneUntilItHasCreptPast) {
  std::vector<double> series;
  for (int i = 0; i < 40; ++i) series.push_back(1000 + (i % 2) * 5);
  EXPECT_TRUE(level_steps(series, 0.01).value().empty());
  series.clear();
  for (int i = 0; i < 40; ++i) series.push_back(1000 + i);
  EXPECT_GE(level_steps(series, 0.01).value().size(), 1U);
  EXPECT_FALSE(level_steps(series, -1).ok());
}

}  // namespace
}  // namespace aios::stats
