// SPDX-License-Identifier: Apache-2.0
// Histories made by hand, with what each commit costs, and a search that is answered from them: what the tests of
// bisect share.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "harness/experiment/bisect_search.h"

namespace aios::testing {

using Random = std::mt19937_64;

inline int up_to(Random& random, int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); }

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

inline Found search(const World& world, BisectRules rules, double noise = 0, unsigned seed = 1) {
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

inline std::string name(int i) { return "c" + std::to_string(i); }

inline World line(int commits) {
  World world;
  world.history.good = name(0);
  world.history.bad = name(commits);
  for (int i = 1; i <= commits; ++i) world.commit(name(i), {name(i - 1)});
  return world;
}

inline const BisectRules kAll{.min_step = 0, .min_share = 0};

}  // namespace aios::testing
