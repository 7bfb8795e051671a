// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/bisect_search.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

namespace aios {
namespace {

using ::testing::ElementsAre;
using Random = std::mt19937_64;

int up_to(Random& random, int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); }

// A history with what each commit costs; the figure of a commit is the sum over all that it has.
struct World {
  CommitHistory history;
  std::map<std::string, double> costs;
  std::set<std::string> broken;
  std::map<std::string, double> extra;  // a merge's own: what its sides do not cost alone

  void commit(const std::string& id, std::vector<std::string> parents, double cost = 0) {
    history.commits[id] = {id, std::move(parents), "title of " + id};
    costs[id] = cost;
  }
  double value(const std::string& id) const {
    std::set<std::string> seen;
    std::vector<std::string> open{id};
    double sum = 0;
    while (!open.empty()) {
      const std::string at = open.back();
      open.pop_back();
      const Commit* commit = history.find(at);
      if (commit == nullptr || !seen.insert(at).second) continue;
      sum += costs.at(at);
      open.insert(open.end(), commit->parents.begin(), commit->parents.end());
    }
    return sum;
  }
};

struct Found {
  BisectAnswer answer;
  int moves = 0;
  std::vector<std::string> order;
};

Found search(const World& world, BisectRules rules, double noise = 0, unsigned seed = 1) {
  Random random(seed);
  std::normal_distribution<double> normal(0, 1);
  BisectPoints points;
  Found found;
  for (found.moves = 0; found.moves < 2000; ++found.moves) {
    auto answer = search_history(world.history, points, rules);
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    found.answer = *answer;
    if (answer->next.empty()) return found;
    found.order.push_back(answer->next);
    BisectPoint& point = points[answer->next];
    EXPECT_FALSE(point.broken) << "a broken commit is asked for again";
    EXPECT_TRUE(!rules.exact || point.values.empty()) << "an exact figure is asked for twice";
    if (world.broken.contains(answer->next)) {
      point.broken = true;
      continue;
    }
    for (int boot = 0; boot < answer->boots; ++boot) {
      point.values.push_back(world.value(answer->next) + (noise > 0 ? noise * normal(random) : 0));
    }
  }
  ADD_FAILURE() << "it never ends";
  return found;
}

std::string name(int i) { return "c" + std::to_string(i); }

World line(int commits) {
  World world;
  world.history.good = name(0);
  world.history.bad = name(commits);
  for (int i = 1; i <= commits; ++i) world.commit(name(i), {name(i - 1)});
  return world;
}

const BisectRules kAll{.min_step = 0, .min_share = 0};

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
