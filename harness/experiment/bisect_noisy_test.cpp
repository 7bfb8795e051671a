// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "harness/experiment/testing/history_worlds.h"

namespace aios {
namespace {

using testing::Found;
using testing::line;
using testing::name;
using testing::Random;
using testing::search;
using testing::up_to;
using testing::World;

TEST(NoisyBisect, AClearStepIsFoundInFewBoots) {
  World world = line(40);
  world.costs[name(23)] = 10;
  const Found found = search(world, {.exact = false}, 1);
  ASSERT_EQ(found.answer.steps.size(), 1U);
  EXPECT_EQ(found.answer.steps[0].commit, name(23));
  EXPECT_GE(found.answer.confidence, 0.95);
  EXPECT_LT(found.moves, 20);
}

// Of the answers that say 90 % at least nine in ten are right: one step, two, none; near the noise and far from it.
TEST(NoisyBisect, ItsConfidenceIsHonest) {
  Random random(3);
  int sure = 0, right = 0, moves = 0, searches = 0;
  for (unsigned round = 0; round < 250; ++round) {
    const int commits = 3 + up_to(random, 60);
    World world = line(commits);
    const int steps = up_to(random, 2);
    std::set<std::string> real;
    for (int i = 0; i < steps; ++i) {
      const std::string id = name(1 + up_to(random, commits - 1));
      if (!real.insert(id).second) continue;
      world.costs[id] = (up_to(random, 1) == 0 ? -1 : 1) * (1.5 + up_to(random, 6));
    }
    if (!real.empty() && std::abs(world.value(name(commits))) < 1) continue;  // the ends agree: out of its sight
    const Found found = search(world, {.exact = false, .min_share = 0, .confidence = 0.9}, 1, round);
    moves += found.moves;
    ++searches;
    if (!found.answer.settled) continue;
    std::set<std::string> told;
    for (const auto& step : found.answer.steps) told.insert(step.commit);
    ++sure;
    if (told == real) ++right;
  }
  EXPECT_GT(sure, searches * 9 / 10) << searches;
  EXPECT_LT(moves, searches * 40);
  EXPECT_GT(static_cast<double>(right) / sure, 0.9) << right << " of " << sure;
}

TEST(NoisyBisect, AnOutlierDoesNotMakeAStep) {
  World world = line(30);
  world.costs[name(12)] = 20;
  BisectPoints points;
  Random random(9);
  std::normal_distribution<double> normal(0, 1);
  const BisectRules rules{.exact = false};
  for (int move = 0; move < 200; ++move) {
    const auto answer = search_history(world.history, points, rules).value();
    if (answer.next.empty()) {
      ASSERT_EQ(answer.steps.size(), 1U);
      EXPECT_EQ(answer.steps[0].commit, name(12));
      return;
    }
    for (int boot = 0; boot < answer.boots; ++boot) {
      const bool hiccup = up_to(random, 15) == 0;
      points[answer.next].values.push_back(world.value(answer.next) + normal(random) + (hiccup ? 60 : 0));
    }
  }
  FAIL() << "it never ends";
}

TEST(NoisyBisect, NoDifferenceIsToldAsNone) {
  int wrong = 0;
  for (unsigned round = 0; round < 80; ++round) {
    const Found found = search(line(25), {.exact = false}, 1, round);
    if (!found.answer.steps.empty()) ++wrong;
  }
  EXPECT_LE(wrong, 4);
}

}  // namespace
}  // namespace aios
