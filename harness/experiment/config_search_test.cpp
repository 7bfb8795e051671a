// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/config_search.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Kconfig as far as it matters: an option is on where it is asked for and all that it needs is on, or where one that is
// on selects it.
struct PretendKconfig {
  std::map<std::string, OptionSet> needs, selects;
  OptionSet first, second;  // asked for
  OptionSet settled[2];     // what came of it, which is what options are switched between
  std::map<std::string, double> costs;
  std::map<OptionSet, double> together;  // on top, where all of these are on
  std::set<OptionSet> broken;            // of what is on
  int trials = 0, measured = 0;
  std::set<OptionSet> seen;

  OptionSet options() const {
    OptionSet out = first;
    out.insert(second.begin(), second.end());
    return out;
  }
  OptionSet asked(const OptionSet& switched) const {
    OptionSet out;
    for (const auto& option : options()) {
      if (settled[switched.contains(option) ? 1 : 0].contains(option)) out.insert(option);
    }
    return out;
  }
  void settle() {
    settled[0] = settle(first);
    settled[1] = settle(second);
  }
  OptionSet on(const OptionSet& switched) const { return settle(asked(switched)); }
  OptionSet settle(OptionSet now) const {
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& option : OptionSet(now)) {
        const auto selected = selects.find(option);
        if (selected != selects.end()) {
          for (const auto& other : selected->second) changed = now.insert(other).second || changed;
        }
        const auto wanted = needs.find(option);
        if (wanted == needs.end()) continue;
        for (const auto& other : wanted->second) {
          if (now.contains(other)) continue;
          now.erase(option);
          changed = true;
          break;
        }
      }
    }
    return now;
  }
  TryConfig try_config() {
    settle();
    return [this](const OptionSet& switched) -> Result<ConfigTrial> {
      ++trials;
      ConfigTrial trial;
      const OptionSet now = on(switched);
      for (const auto& option : now) trial.values[option] = "y";
      const OptionSet wish = asked(switched);
      for (const auto& option : options()) {
        if (wish.contains(option) == now.contains(option)) continue;
        if (wish.contains(option)) {
          for (const auto& other : needs[option]) {
            if (!now.contains(other)) trial.wanted[option].insert(other);
          }
        } else {
          for (const auto& [other, selected] : selects) {
            if (now.contains(other) && selected.contains(option)) trial.wanted[option].insert(other);
          }
        }
      }
      return trial;
    };
  }
  MeasureOptions measure() {
    return [this](const OptionSet& switched) -> Result<std::optional<double>> {
      const OptionSet now = on(switched);
      if (seen.insert(switched).second) ++measured;
      if (broken.contains(now)) return std::optional<double>();
      double value = 1000;
      for (const auto& option : now) {
        const auto cost = costs.find(option);
        if (cost != costs.end()) value += cost->second;
      }
      for (const auto& [set, extra] : together) {
        if (std::includes(now.begin(), now.end(), set.begin(), set.end())) value += extra;
      }
      return std::optional(value);
    };
  }
  ConfigCosts search() {
    const auto units = find_config_units(options(), try_config());
    EXPECT_TRUE(units.ok());
    auto costs_found = search_config(*units, measure());
    EXPECT_TRUE(costs_found.ok());
    return *costs_found;
  }
};

std::map<std::string, double> cost_of(const ConfigCosts& costs) {
  std::map<std::string, double> out;
  for (const auto& option : costs.options) {
    if (option.cost) out[option.option] = *option.cost;
  }
  return out;
}

TEST(ConfigSearch, FiveOptionsAtOnceAreToldApart) {
  PretendKconfig kconfig;
  kconfig.second = {"A", "B", "C", "D"};
  kconfig.first = {"E"};
  kconfig.costs = {{"A", 3}, {"B", 0}, {"C", 17}, {"D", 1}, {"E", 5}};
  const ConfigCosts found = kconfig.search();
  const std::map<std::string, double> wanted{{"A", 3}, {"B", 0}, {"C", 17}, {"D", 1}, {"E", -5}};
  EXPECT_EQ(cost_of(found), wanted);
  EXPECT_EQ(found.second - found.first, 16);
  EXPECT_EQ(found.sum, 16);
  EXPECT_EQ(found.remainder, 0);
  EXPECT_THAT(found.interactions, IsEmpty());
  EXPECT_EQ(found.options[0].option, "C");
  EXPECT_EQ(kconfig.measured, 7);  // the two configurations, and each option
}

TEST(ConfigSearch, AnOptionThatNeedsAnotherGoesWithItAndIsCountedOnTopOfIt) {
  PretendKconfig kconfig;
  kconfig.second = {"NET", "UNIX", "DEEP", "OTHER"};
  kconfig.needs = {{"UNIX", {"NET"}}, {"DEEP", {"UNIX"}}};
  kconfig.costs = {{"NET", 100}, {"UNIX", 20}, {"DEEP", 3}, {"OTHER", 7}};
  const ConfigCosts found = kconfig.search();
  EXPECT_EQ(cost_of(found), kconfig.costs);
  for (const auto& option : found.options) {
    const OptionSet wanted = option.option == "DEEP"   ? OptionSet{"NET", "UNIX"}
                             : option.option == "UNIX" ? OptionSet{"NET"}
                                                       : OptionSet{};
    EXPECT_EQ(option.with, wanted) << option.option;
  }
}

TEST(ConfigSearch, SwitchingOffTakesAlongWhatNeedsIt) {
  PretendKconfig kconfig;
  kconfig.first = {"NET", "UNIX"};
  kconfig.needs = {{"UNIX", {"NET"}}};
  kconfig.costs = {{"NET", 100}, {"UNIX", 20}};
  const auto found = cost_of(kconfig.search());
  EXPECT_EQ(found.at("NET"), -100);
  EXPECT_EQ(found.at("UNIX"), -20);
}

TEST(ConfigSearch, WhatIsSelectedIsHeldByTheOneThatSelectsIt) {
  PretendKconfig kconfig;
  kconfig.first = {"TOP", "HELPER"};
  kconfig.selects = {{"TOP", {"HELPER"}}};
  kconfig.costs = {{"TOP", 10}, {"HELPER", 4}};
  const auto found = kconfig.search();
  EXPECT_EQ(found.sum, -14);
  EXPECT_EQ(found.remainder, 0);
}

TEST(ConfigSearch, AnInteractionIsNamed) {
  PretendKconfig kconfig;
  kconfig.second = {"A", "B", "C", "D", "E"};
  kconfig.costs = {{"A", 3}, {"B", 2}, {"C", 17}, {"D", 1}};
  kconfig.together = {{{"B", "E"}, 40}};
  const ConfigCosts found = kconfig.search();
  EXPECT_EQ(found.sum, 23);
  EXPECT_EQ(found.remainder, 40);
  ASSERT_EQ(found.interactions.size(), 1U);
  EXPECT_THAT(found.interactions[0].options, ElementsAre("B", "E"));
  EXPECT_EQ(found.interactions[0].size, 40);
  EXPECT_EQ(found.unexplained, 0);
}

TEST(ConfigSearch, AnInteractionOfThreeIsNamedAsOneOfThree) {
  PretendKconfig kconfig;
  kconfig.second = {"A", "B", "C", "D"};
  kconfig.together = {{{"A", "B", "D"}, 9}};
  const ConfigCosts found = kconfig.search();
  ASSERT_EQ(found.interactions.size(), 1U);
  EXPECT_THAT(found.interactions[0].options, ElementsAre("A", "B", "D"));
  EXPECT_EQ(found.unexplained, 0);
}

TEST(ConfigSearch, AHundredOptionsOfWhichThreeCostTakeFewMeasurements) {
  PretendKconfig kconfig;
  for (int i = 0; i < 100; ++i) kconfig.second.insert("O" + std::to_string(100 + i));
  kconfig.costs = {{"O104", 5}, {"O150", 7}, {"O151", -2}};
  const ConfigCosts found = kconfig.search();
  EXPECT_EQ(found.remainder, 0);
  EXPECT_EQ(found.options[0].option, "O150");
  EXPECT_EQ(cost_of(found).at("O151"), -2);
  EXPECT_EQ(cost_of(found).size(), 100U);
  EXPECT_LT(kconfig.measured, 40);
}

TEST(ConfigSearch, WhatKconfigDoesNotTakeIsNamed) {
  PretendKconfig kconfig;
  kconfig.second = {"A", "LOST"};
  kconfig.needs = {{"LOST", {"NOWHERE"}}};
  kconfig.costs = {{"A", 4}};
  const auto units = find_config_units(kconfig.options(), kconfig.try_config()).value();
  EXPECT_THAT(units.without_effect, ElementsAre("LOST"));
  EXPECT_EQ(units.units.size(), 1U);
}

TEST(ConfigSearch, AnOptionThatDoesNotBootAloneIsNamedAndTheRestIsTold) {
  PretendKconfig kconfig;
  kconfig.second = {"A", "B", "C"};
  kconfig.costs = {{"A", 4}, {"B", 8}, {"C", 1}};
  kconfig.broken = {{"B"}};
  const ConfigCosts found = kconfig.search();
  EXPECT_EQ(cost_of(found), (std::map<std::string, double>{{"A", 4}, {"C", 1}}));
  EXPECT_EQ(found.remainder, 8);
  kconfig.broken = {{"A", "B", "C"}};
  const auto units = find_config_units(kconfig.options(), kconfig.try_config()).value();
  EXPECT_EQ(search_config(units, kconfig.measure()).error().kind, ErrorKind::kernel_fault);
}

// Any dependencies, any costs: the sum of what is told is the difference, and every cost is the real one.
TEST(ConfigSearch, AnySetOfOptionsAddsUp) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 300; ++round) {
    PretendKconfig kconfig;
    const int count = 1 + static_cast<int>(random() % 12);
    for (int i = 0; i < count; ++i) {
      const std::string option = "O" + std::to_string(10 + i);
      // In every third round some are asked for on both sides: they follow what they need, and have no cost of their
      // own.
      const auto side = random() % (round % 3 == 0 ? 3 : 2);
      if (side != 0) kconfig.second.insert(option);
      if (side != 1) kconfig.first.insert(option);
      kconfig.costs[option] = static_cast<double>(random() % 5) * std::pow(2, i);
      if (i > 0 && random() % 3 == 0) kconfig.needs[option].insert("O" + std::to_string(10 + random() % i));
    }
    const ConfigCosts found = kconfig.search();
    double sum = 0;
    for (const auto& [option, cost] : cost_of(found)) {
      sum += cost;
      if (round % 3 != 0) {
        EXPECT_EQ(std::abs(cost), kconfig.costs.at(option)) << round << " " << option;
      }
    }
    EXPECT_EQ(sum, found.second - found.first) << round;
    EXPECT_EQ(found.remainder, 0) << round;
  }
}

}  // namespace
}  // namespace aios
