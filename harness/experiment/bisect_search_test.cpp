// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/bisect_search.h"

#include <gmock/gmock.h>

#include <cmath>

#include "harness/experiment/testing/history_worlds.h"

namespace aios {
namespace {

using testing::Found;
using testing::kAll;
using testing::line;
using testing::name;
using testing::Random;
using testing::search;
using testing::up_to;
using testing::World;

TEST(BisectSearch, OneStepInFortyCommitsTakesEightMeasurements) {
  for (int culprit = 1; culprit <= 40; ++culprit) {
    World world = line(40);
    world.costs[name(culprit)] = 7;
    const Found found = search(world, kAll);
    ASSERT_EQ(found.answer.steps.size(), 1U) << culprit;
    EXPECT_EQ(found.answer.steps[0].commit, name(culprit));
    EXPECT_EQ(found.answer.steps[0].size(), 7);
    EXPECT_TRUE(found.answer.steps[0].or_with.empty());
    EXPECT_LE(found.moves, 8);
    EXPECT_TRUE(found.answer.settled);
    EXPECT_EQ(found.answer.remainder, 0);
  }
}

// Every way to put costs of 0, 1 and 2 on five commits, and to break any of the four between the ends.
TEST(BisectSearch, EveryShortHistoryIsToldRight) {
  constexpr int kCommits = 5;
  for (int pattern = 0; pattern < 243; ++pattern) {
    for (int holes = 0; holes < 16; ++holes) {
      World world = line(kCommits);
      int rest = pattern;
      for (int i = 1; i <= kCommits; ++i, rest /= 3) world.costs[name(i)] = rest % 3;
      for (int i = 1; i < kCommits; ++i) {
        if ((holes >> (i - 1) & 1) != 0) world.broken.insert(name(i));
      }
      const Found found = search(world, kAll);
      double sum = 0;
      std::set<std::string> named;
      for (const BisectStep& step : found.answer.steps) {
        sum += step.size();
        double real = world.costs[step.commit];
        named.insert(step.commit);
        for (const auto& other : step.or_with) {
          EXPECT_TRUE(world.broken.contains(other));
          real += world.costs[other];
          named.insert(other);
        }
        EXPECT_EQ(step.size(), real);
        EXPECT_GT(real, 0);
      }
      EXPECT_EQ(sum, world.value(name(kCommits)));  // costs are not negative: nothing can hide
      for (int i = 1; i <= kCommits; ++i) {
        EXPECT_TRUE(world.costs[name(i)] == 0 || named.contains(name(i))) << pattern << " " << holes;
      }
    }
  }
}

TEST(BisectSearch, StepsUpAndDownAreToldApart) {
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    const int commits = 2 + up_to(random, 200);
    World world = line(commits);
    double wanted = 0;
    const int steps = 1 + up_to(random, 5);
    std::map<std::string, double> real;
    for (int i = 0; i < steps; ++i) {
      const double size = std::pow(2, up_to(random, 20)) + 0.25 * i;
      real[name(1 + up_to(random, commits - 1))] += size;
      wanted += size;
    }
    for (const auto& [id, size] : real) world.costs[id] = size;
    const Found found = search(world, kAll);
    ASSERT_EQ(found.answer.steps.size(), real.size());
    for (const auto& step : found.answer.steps) EXPECT_EQ(step.size(), real.at(step.commit));
    EXPECT_EQ(found.answer.bad_value - found.answer.good_value, wanted);
    EXPECT_LE(found.moves, 2 + steps * 8);
  }
}

TEST(BisectSearch, AStepDownIsAStepAndOneBackLeavesNoDifference) {
  World world = line(20);
  world.costs[name(5)] = 10;
  world.costs[name(9)] = -4;
  const Found found = search(world, kAll);
  ASSERT_EQ(found.answer.steps.size(), 2U);
  EXPECT_EQ(found.answer.steps[1].size(), -4);
  World nothing = line(20);
  const Found none = search(nothing, kAll);
  EXPECT_TRUE(none.answer.steps.empty());
  EXPECT_TRUE(none.answer.settled);
  EXPECT_EQ(none.moves, 2);
}

TEST(BisectSearch, TheLargestIsFoundFirst) {
  World world = line(64);
  world.costs[name(10)] = 5;
  world.costs[name(50)] = 500;
  const Found found = search(world, kAll);
  const auto at = [&](int i) {
    return std::find(found.order.begin(), found.order.end(), name(i)) - found.order.begin();
  };
  EXPECT_LT(at(50), at(10));
}

TEST(BisectSearch, WhatIsBelowTheLimitIsTheRemainder) {
  World world = line(30);
  for (int i = 1; i <= 30; ++i) world.costs[name(i)] = 1;
  world.costs[name(17)] = 1001;
  const Found found = search(world, {.min_share = 0.02});
  ASSERT_EQ(found.answer.steps.size(), 1U);
  EXPECT_EQ(found.answer.steps[0].commit, name(17));
  EXPECT_EQ(found.answer.remainder, 1030 - 1001);
  EXPECT_LT(found.moves, 12);
}

TEST(BisectSearch, AnEndThatCannotBeMeasuredIsAnError) {
  World world = line(5);
  BisectPoints points;
  points[name(0)].broken = true;
  points[name(0)].why = "does not build";
  const auto answer = search_history(world.history, points, kAll);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::kernel_fault);
  EXPECT_THAT(answer.error().what, ::testing::HasSubstr("does not build"));
}

TEST(BisectSearch, ABadCommitThatIsNotBuiltUponTheGoodOneIsAnError) {
  World world = line(5);
  world.history.good = "elsewhere";
  EXPECT_EQ(search_history(world.history, {}, kAll).error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace aios
