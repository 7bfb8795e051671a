// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain.h"

#include <gmock/gmock.h>

#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::ElementsAre;

// A profile in which entry -> system call -> helper, of ten typical iterations and one interrupted.
class Profiled {
 public:
  int function(const std::string& name, const std::string& image = "kernel") {
    profile_.functions.push_back({name, image, 0x1000 + 0x100 * profile_.functions.size(), 0x100});
    return static_cast<int>(profile_.functions.size()) - 1;
  }
  int node(int parent, int function) {
    profile_.nodes.push_back({parent, function, false});
    return static_cast<int>(profile_.nodes.size()) - 1;
  }
  void span(const std::string& metric, std::vector<ProfileCost> costs) {
    profile_.spans.push_back({.metric = metric,
                              .typical_iterations = 10,
                              .other_iterations = 1,
                              .callers = true,
                              .costs = std::move(costs)});
  }
  Profile profile_;
};

Profile profile_with(const std::string& helper, std::int64_t helper_cost, bool extra = false) {
  Profiled made;
  const int loop = made.node(-1, made.function("loop", "operations"));
  const int call = made.node(loop, made.function("do_call"));
  const int work = made.node(call, made.function(helper));
  made.span("_overhead", {{loop, 30, 3}});
  std::vector<ProfileCost> costs{{loop, 30, 3}, {call, 1000, 100}, {work, 10 * helper_cost, 999}};
  if (extra) costs.push_back({made.node(work, made.function("audit")), 70, 7});
  made.span("syscall.null", costs);
  return made.profile_;
}

TEST(FoldedName, WhatTheCompilerPutsBehindAFunctionIsTakenOff) {
  for (const char* name : {"do_x", "do_x.constprop.0", "do_x.isra.0", "do_x.part.12", "do_x.cold", "do_x.isra.0.cold",
                           "do_x.constprop.0.isra.0", "do_x.lto_priv.3", "do_x.part.0.constprop.1"}) {
    EXPECT_EQ(folded_name(name), "do_x") << name;
  }
  for (const char* name : {"v1.0", "x.2", ".cold", "do_x.constant", "particle", "(no symbol)"}) {
    EXPECT_EQ(folded_name(name), name);
  }
}

TEST(Explain, OneInstructionMoreIsItsFunctionsAlone) {
  const auto explained = explain_metric(profile_with("work", 40), profile_with("work", 41), "syscall.null");
  EXPECT_EQ(explained.first, 140) << "what measuring costs is taken off";
  EXPECT_EQ(explained.second, 141);
  EXPECT_EQ(explained.difference, 1);
  EXPECT_EQ(explained.functions.at(0).name, "work");
  EXPECT_EQ(explained.functions.at(0).difference, 1);
  EXPECT_EQ(explained.functions.at(0).state, FunctionState::changed);
  ASSERT_EQ(explained.functions.at(0).callers.size(), 1U);
  EXPECT_EQ(explained.functions.at(0).callers.at(0).caller, "do_call");
  EXPECT_EQ(explained.functions.at(0).callers.at(0).second, 41);
}

TEST(Explain, TheRowsAddUpToTheDifference) {
  const auto explained = explain_metric(profile_with("work", 40), profile_with("other", 55, true), "syscall.null");
  double first = 0, second = 0, difference = 0;
  for (const auto& row : explained.functions) {
    first += row.first;
    second += row.second;
    difference += row.difference;
  }
  EXPECT_EQ(first, explained.first);
  EXPECT_EQ(second, explained.second);
  EXPECT_EQ(difference, explained.difference);
  std::map<std::string, FunctionState> states;
  for (const auto& row : explained.functions) states[row.name] = row.state;
  EXPECT_EQ(states.at("work"), FunctionState::gone);
  EXPECT_EQ(states.at("other"), FunctionState::added);
  EXPECT_EQ(states.at("audit"), FunctionState::added);
  EXPECT_EQ(states.at("do_call"), FunctionState::same);
  EXPECT_EQ(explained.functions.front().name, "other") << "the largest difference first";
}

TEST(Explain, SuffixesMatchAcrossKernelsAndAreShown) {
  const auto explained = explain_metric(profile_with("work", 40), profile_with("work.constprop.0", 44), "syscall.null");
  EXPECT_EQ(explained.functions.at(0).name, "work");
  EXPECT_EQ(explained.functions.at(0).difference, 4);
  EXPECT_THAT(explained.functions.at(0).first_symbols, ElementsAre());
  EXPECT_THAT(explained.functions.at(0).second_symbols, ElementsAre("work.constprop.0"));
}

TEST(Explain, WithoutTypicalIterationsItIsAMeanAndSaysSo) {
  Profile mean = profile_with("work", 40);
  for (auto& span : mean.spans) span.typical_iterations = 0, span.other_iterations = 11;
  const auto explained = explain_metric(mean, mean, "syscall.null");
  EXPECT_FALSE(explained.first_typical);
  EXPECT_NEAR(explained.first, (1000 + 100 + 400 + 999) / 11.0, 1e-9);
}

TEST(Explain, FoldedStacksGoFromTheRootToTheFunction) {
  const Profile first = profile_with("work.isra.0", 40), second = profile_with("wo;rk", 41);
  EXPECT_EQ(folded_text(folded_stacks(first, nullptr, "syscall.null"), false),
            "loop [operations] 3\nloop [operations];do_call 100\nloop [operations];do_call;work 40\n");
  EXPECT_EQ(folded_text(folded_stacks(first, &second, "syscall.null"), true),
            "loop [operations] 3 3\nloop [operations];do_call 100 100\nloop [operations];do_call;wo:rk 0 41\n"
            "loop [operations];do_call;work 40 0\n");
}

TEST(Explain, JsonHasTheSumsAndTheRows) {
  Explanation explanation;
  explanation.metrics.push_back(explain_metric(profile_with("work", 40), profile_with("work", 41), "syscall.null"));
  const Json json = parse_json(explanation_to_json(explanation), "test").value();
  EXPECT_EQ(json.at("metrics").at(0).at("difference"), 1);
  EXPECT_EQ(json.at("metrics").at(0).at("functions").at(0).at("function"), "work");
}

TEST(ProfileJson, IsReadBackAsItWasWrittenAndNothingElse) {
  const Profile profile = profile_with("work", 40, true);
  const std::string text = profile_to_json(profile);
  const Profile again = profile_from_json(text, "test").value();
  EXPECT_EQ(profile_to_json(again), text);
  for (const char* bad : {"{}", "{\"schema\":99}", "{\"schema\":1,\"nodes\":[[0,0,0]]}",
                          "{\"schema\":1,\"spans\":[{\"metric\":\"m\",\"costs\":[[0,1,1]]}]}"}) {
    EXPECT_FALSE(profile_from_json(bad, "test").ok()) << bad;
  }
}

}  // namespace
}  // namespace aios
