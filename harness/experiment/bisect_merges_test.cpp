// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

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

// g - a - m - z, with b - c merged at m: the branch leaves at g.
World with_branch() {
  World world;
  world.history.good = "g";
  world.history.bad = "z";
  world.commit("a", {"g"}, 1);
  world.commit("b", {"g"}, 0);
  world.commit("c", {"b"}, 30);
  world.commit("d", {"c"}, 0);
  world.commit("m", {"a", "d"}, 0);
  world.commit("z", {"m"}, 0);
  return world;
}

TEST(BisectSearch, AMergedCommitIsFoundOnItsBranch) {
  const Found found = search(with_branch(), kAll);
  ASSERT_EQ(found.answer.steps.size(), 2U);
  const BisectStep& merge = found.answer.steps[1];
  EXPECT_EQ(merge.commit, "m");
  ASSERT_EQ(merge.inside.size(), 1U);
  EXPECT_EQ(merge.inside[0].commit, "c");
  EXPECT_EQ(merge.inside[0].size(), 30);
  EXPECT_EQ(merge.own(), 0);
}

TEST(BisectSearch, WhatTheMergeItselfCostsStaysWithIt) {
  World world = with_branch();
  world.costs["m"] = 5;
  const Found found = search(world, kAll);
  EXPECT_EQ(found.answer.steps[1].own(), 5);
  EXPECT_EQ(found.answer.steps[1].inside[0].commit, "c");
}

TEST(BisectSearch, TheWayGoesThroughTheParentThatHasTheGoodCommit) {
  // The good commit lies on the branch that was merged; the first parent's line never saw it.
  World world;
  world.history.good = "g";
  world.history.bad = "m";
  world.commit("x", {"root"}, 3);
  world.commit("b", {"g"}, 4);
  world.commit("m", {"x", "b"}, 0);
  const Found found = search(world, kAll);
  ASSERT_EQ(found.answer.steps.size(), 2U);
  EXPECT_EQ(found.answer.steps[0].commit, "b");
  EXPECT_EQ(found.answer.steps[1].commit, "m");
  ASSERT_EQ(found.answer.steps[1].inside.size(), 1U);
  EXPECT_EQ(found.answer.steps[1].inside[0].commit, "x");
}

// All commits with a blame, merges taken apart.
void blame(const std::vector<BisectStep>& steps, std::map<std::string, double>& out) {
  for (const BisectStep& step : steps) {
    blame(step.inside, out);
    if (std::abs(step.own()) > 1e-9) out[step.commit] += step.own();
  }
}

TEST(BisectSearch, AnyHistoryWithMergesIsToldRight) {
  Random random(11);
  for (int round = 0; round < 400; ++round) {
    World world;
    world.history.good = "g";
    std::vector<std::string> tips{"g"};
    const int commits = 3 + up_to(random, 60);
    for (int i = 0; i < commits; ++i) {
      const auto pick = [&] { return static_cast<std::size_t>(up_to(random, static_cast<int>(tips.size()) - 1)); };
      const std::size_t at = pick();
      const int what = up_to(random, 9);
      if (what == 0 && tips.size() < 5) {
        tips.push_back(tips[at]);  // a branch leaves
      }
      const std::size_t other = pick();
      std::vector<std::string> parents{tips[at]};
      if (what == 1 && tips[other] != tips[at]) parents.push_back(tips[other]);
      world.commit(name(i), parents);
      tips[at] = name(i);
    }
    // Everything is merged in the end.
    for (std::size_t i = 1; i < tips.size(); ++i) {
      if (tips[i] == tips[0]) continue;
      const std::string id = "end" + std::to_string(i);
      world.commit(id, {tips[0], tips[i]});
      tips[0] = id;
    }
    world.history.bad = tips[0];
    if (world.history.bad == "g") continue;
    // Only what the bad commit has.
    std::map<std::string, double> real;
    for (int step = 0, steps = 1 + up_to(random, 2); step < steps; ++step) {
      const std::string id = name(up_to(random, commits - 1));
      const double cost = 1 << (3 * step);
      const double before = world.value(world.history.bad);
      world.costs[id] += cost;
      if (world.value(world.history.bad) == before) {
        world.costs[id] -= cost;
      } else {
        real[id] = world.costs[id];
      }
    }
    const Found found = search(world, kAll);
    std::map<std::string, double> blamed;
    blame(found.answer.steps, blamed);
    // A branch that had merged the main line in between is held against where it left, and then shows its steps, too:
    // so every real step is named, and what is named twice cancels out in the merge.
    for (const auto& [id, cost] : real) {
      EXPECT_TRUE(blamed.contains(id)) << "round " << round << ": " << id;
    }
    double sum = 0;
    for (const auto& [id, cost] : blamed) sum += cost;
    EXPECT_EQ(sum, world.value(world.history.bad)) << round;
  }
}

TEST(BisectSearch, BrokenCommitsInAnyPlaceNeverEndTheSearch) {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    const int commits = 2 + up_to(random, 60);
    World world = line(commits);
    const int culprit = 1 + up_to(random, commits - 1);
    world.costs[name(culprit)] = 12;
    for (int i = 1; i < commits; ++i) {
      if (up_to(random, 2) == 0) world.broken.insert(name(i));
    }
    const Found found = search(world, kAll);
    ASSERT_EQ(found.answer.steps.size(), 1U);
    const BisectStep& step = found.answer.steps[0];
    std::set<std::string> named(step.or_with.begin(), step.or_with.end());
    named.insert(step.commit);
    EXPECT_TRUE(named.contains(name(culprit)));
    for (const auto& other : step.or_with) EXPECT_TRUE(world.broken.contains(other));
  }
}

}  // namespace
}  // namespace aios
