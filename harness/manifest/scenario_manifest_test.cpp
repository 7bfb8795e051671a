// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/scenario_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHead = "name = 'demo'\ndescription = 'd'\nprogram = 'operations'\narguments = ['demo']\n";
constexpr std::string_view kKind =
    "unit = 'instructions'\ndirection = 'lower_is_better'\nkind = 'exact_count'\ndescription = 'of {size}'\n";

class ScenarioManifest : public ::testing::Test {
 protected:
  Result<Scenario> read(const std::string& text) {
    const fs::path file = scratch_.path() / "demo" / "scenario.toml";
    EXPECT_TRUE(make_folders(file.parent_path()).ok());
    EXPECT_TRUE(write_file_atomic(file, text).ok());
    return read_scenario_manifest(file);
  }
  std::string with_metric(const std::string& before, const std::string& metric) {
    return std::string(kHead) + before + "[[metrics]]\n" + metric + std::string(kKind);
  }
  ScratchFolder scratch_ = ScratchFolder::create().value();
};

TEST_F(ScenarioManifest, DimensionsBecomeMetrics) {
  const auto scenario = read(with_metric("[dimensions]\nsize = ['1B', '4KB', '1MB']\n",
                                         "name = 'demo.{size}.trip'\ndimensions = {size = ['1B', '1MB']}\n"));
  ASSERT_TRUE(scenario.ok()) << scenario.error().describe();
  ASSERT_EQ(scenario->metrics.size(), 2U);
  EXPECT_EQ(scenario->metrics[0].name, "demo.1B.trip");
  EXPECT_EQ(scenario->metrics[1].description, "of 1MB");
  EXPECT_EQ(scenario->metrics[1].scenario, "demo");
}

TEST_F(ScenarioManifest, ArgumentsCarryTheIterations) {
  const auto scenario =
      read(with_metric("exact_iterations = 70\n[exact_iterations_for]\n1MB = 8\n", "name = 'demo.1MB.trip'\n"));
  ASSERT_TRUE(scenario.ok()) << scenario.error().describe();
  EXPECT_THAT(program_arguments(*scenario, true), ElementsAre("demo", "--exact", "70", "--exact-for", "1MB=8"));
  EXPECT_THAT(program_arguments(*scenario, false), ElementsAre("demo", "--timed", "0.5"));
}

TEST_F(ScenarioManifest, AsksForNodesAndDevices) {
  const auto scenario = read(with_metric("numa_nodes = 2\ndevices = ['edu']\n", "name = 'demo.a'\n"));
  ASSERT_TRUE(scenario.ok()) << scenario.error().describe();
  EXPECT_EQ(scenario->numa_nodes, 2);
  EXPECT_THAT(scenario->devices, ElementsAre("edu"));
  const auto parameters =
      read(std::string(kHead) + "module_parameters = {m = ['a=1', 'b=2']}\n[[metrics]]\nname = 'demo.a'\n" +
           std::string(kKind));
  ASSERT_TRUE(parameters.ok()) << parameters.error().describe();
  EXPECT_THAT(parameters->module_parameters.at("m"), ElementsAre("a=1", "b=2"));
  EXPECT_THAT(read(with_metric("numa_nodes = 9\n", "name = 'demo.a'\n")).error().what, HasSubstr("1 to 8"));
}

TEST_F(ScenarioManifest, ErrorsNameFileLineAndKey) {
  const auto unit = read(std::string(kHead) + "[[metrics]]\nname = 'demo.a'\nunit = 'instruction'\n");
  EXPECT_THAT(unit.error().describe(), HasSubstr("scenario.toml:7: key 'metrics[0].unit'"));
  EXPECT_THAT(unit.error().what, HasSubstr("did you mean 'instructions'"));

  EXPECT_THAT(read(with_metric("", "name = 'other.a'\n")).error().what, HasSubstr("does not begin with"));
  EXPECT_THAT(read(with_metric("", "name = 'demo.{size}'\n")).error().what, HasSubstr("placeholder"));
  EXPECT_THAT(read(with_metric("cores = 1\n", "name = 'demo.a'\n")).error().what, HasSubstr("unknown key 'cores'"));
  EXPECT_THAT(read(with_metric("exact_iterations = 0\n", "name = 'demo.a'\n")).error().what, HasSubstr("at least 1"));
  EXPECT_THAT(read(with_metric("[exact_iterations_for]\n2MB = 1\n", "name = 'demo.a'\n")).error().what,
              HasSubstr("speaks of no metric"));
  EXPECT_THAT(read(with_metric("[dimensions]\nsize = ['1B']\n", "name = 'demo.{size}'\ndimensions = {size = ['2B']}\n"))
                  .error()
                  .what,
              HasSubstr("is no value of 'size'"));
  EXPECT_THAT(read(std::string(kHead)).error().what, HasSubstr("has no metrics"));
}

TEST_F(ScenarioManifest, AMetricIsDefinedOnce) {
  const std::string metric = "[[metrics]]\nname = 'demo.a'\n" + std::string(kKind);
  EXPECT_THAT(read(std::string(kHead) + metric + metric).error().what, HasSubstr("defined twice"));
}

TEST(Scenarios, EveryOneInTheTreeIsReadable) {
  const auto scenarios = load_scenarios(fs::path(AIOS_SOURCE_DIR) / "scenarios");
  ASSERT_TRUE(scenarios.ok()) << scenarios.error().describe();
  std::vector<std::string> names;
  for (const auto& scenario : *scenarios) {
    if (scenario.core) names.push_back(scenario.name);
    for (const auto& metric : scenario.metrics) EXPECT_GT(metric.description.size(), 20U) << metric.name;
  }
  EXPECT_THAT(names, ElementsAre("boot", "footprint", "syscall", "context_switch", "ipc", "page_fault", "process",
                                 "checklist"));
}

TEST(Scenarios, AreSelectedInTheOrderInWhichTheyRun) {
  const auto known = load_scenarios(fs::path(AIOS_SOURCE_DIR) / "scenarios").value();
  const auto some = select_scenarios(known, "syscall,boot,syscall").value();
  ASSERT_EQ(some.size(), 2U);
  EXPECT_EQ(some[0].name, "boot");
  EXPECT_EQ(some[1].name, "syscall");
  EXPECT_EQ(select_scenarios(known, "all").value().size(), known.size());
  EXPECT_THAT(select_scenarios(known, "sycall").error().what, HasSubstr("did you mean 'syscall'"));
  EXPECT_EQ(select_scenarios(known, ",").error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace aios
