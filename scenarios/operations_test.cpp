// SPDX-License-Identifier: Apache-2.0
// Every operation runs on this host, and every metric that a scenario promises has something that measures it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "harness/manifest/scenario_manifest.h"
#include "harness/support/process.h"
#include "harness/support/text.h"
#include "scenarios/operation.h"

namespace aios {
namespace {

using scenario::Context;
using scenario::Operation;
using scenario::OperationTable;
using scenario::Readiness;

std::vector<Scenario> manifests() { return load_scenarios(fs::path(AIOS_SOURCE_DIR) / "scenarios").value(); }

const OperationTable* table_named(const std::string& name) {
  const auto all = scenario::all_operations();
  for (unsigned i = 0; i < all.count; ++i) {
    if (all.tables[i]->scenario == name) return all.tables[i];
  }
  return nullptr;
}

std::set<std::string> promised(const Scenario& scenario) {
  std::set<std::string> names;
  for (const auto& metric : scenario.metrics) names.insert(metric.name);
  return names;
}

TEST(Operations, TablesAndManifestsNameTheSameMetrics) {
  unsigned tables = 0;
  for (const auto& scenario : manifests()) {
    if (scenario.program != "operations") continue;
    ++tables;
    const OperationTable* table = table_named(scenario.name);
    ASSERT_NE(table, nullptr) << scenario.name << " has no operations.cpp";
    std::set<std::string> measured;
    for (unsigned i = 0; i < table->count; ++i) {
      EXPECT_TRUE(measured.insert(table->operations[i].metric).second) << table->operations[i].metric << " twice";
    }
    EXPECT_EQ(measured, promised(scenario));
    EXPECT_THAT(scenario.arguments, ::testing::Contains(scenario.name));
  }
  EXPECT_EQ(tables, scenario::all_operations().count) << "a table without a scenario.toml";
}

TEST(Operations, LoopMetricsAreInstructionsInExactMode) {
  for (const auto& scenario : manifests()) {
    if (scenario.program != "operations") continue;
    for (const auto& metric : scenario.metrics) {
      EXPECT_EQ(metric.unit, Unit::instructions) << metric.name;
      EXPECT_EQ(metric.kind, MetricKind::exact_count) << metric.name;
      EXPECT_EQ(metric.direction, Direction::lower_is_better) << metric.name;
    }
  }
}

// The table in the program of the guest, by its own list.
std::set<std::string> listed(const std::string& program, const std::string& prefix) {
  const std::string path = std::string(AIOS_BINARY_DIR) + "/guest/bin/" + program;
  const auto output = run_checked({.argv = {path, "--list"}});
  EXPECT_TRUE(output.ok()) << output.error().describe();
  std::set<std::string> names;
  for (const auto& line : split(*output, '\n')) {
    if (!line.empty()) names.insert(prefix + line);
  }
  return names;
}

TEST(Checklist, ProgramAndManifestNameTheSameLines) {
  for (const char* name : {"checklist", "ai_mem", "ai_gpu", "codex_fuzz", "ai_scheduler", "modules"}) {
    SCOPED_TRACE(name);
    const auto all = manifests();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Scenario& one) { return one.name == name; });
    ASSERT_NE(found, all.end());
    EXPECT_EQ(listed(name, std::string(name) + "."), promised(*found));
    for (const auto& metric : found->metrics) {
      EXPECT_TRUE(metric.unit == Unit::yes_no || metric.unit == Unit::count) << metric.name;
    }
  }
}

// Three times on this host: not for the figure, but that it can be done and put back.
void run_here(const Operation& operation) {
  SCOPED_TRACE(operation.metric);
  Context context;
  context.size = operation.size;
  context.clock_gettime = [](int clock, void* time) { return ::clock_gettime(clock, static_cast<timespec*>(time)); };
  if (operation.prepare(context) == Readiness::ready) {
    for (int i = 0; i < 3; ++i) {
      if (operation.before != nullptr) operation.before(context);
      operation.once(context);
    }
  } else {
    EXPECT_STRNE(context.reason, "");
    GTEST_LOG_(INFO) << operation.metric << ": not here: " << context.reason;
  }
  operation.finish(context);
  EXPECT_EQ(context.failures, 0);
}

class EveryOperation : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryOperation, RunsOnThisHost) {
  const OperationTable* table = table_named(GetParam());
  ASSERT_NE(table, nullptr);
  for (unsigned i = 0; i < table->count; ++i) {
    // With two processors free, nobody has to take turns.
    if (std::string_view(table->operations[i].metric).ends_with(".yield")) continue;
    run_here(table->operations[i]);
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, EveryOperation,
                         ::testing::Values("syscall", "context_switch", "ipc", "page_fault", "process", "ai_memory"),
                         [](const auto& one) { return one.param; });

TEST(Operations, NothingStaysBehind) {
  const auto files = [] { return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()); };
  const auto before = files();
  for (const char* name : {"syscall", "context_switch", "ipc"}) {
    const OperationTable* table = table_named(name);
    for (unsigned i = 0; i < table->count; ++i) {
      if (!std::string_view(table->operations[i].metric).ends_with(".yield")) run_here(table->operations[i]);
    }
  }
  EXPECT_EQ(files(), before);
  EXPECT_FALSE(fs::exists("/tmp/aios-syscall-read"));
}

}  // namespace
}  // namespace aios
