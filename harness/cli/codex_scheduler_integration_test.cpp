// SPDX-License-Identifier: Apache-2.0
// The module ai_scheduler on both kernels, 6.1 by its headers package and 6.12 as it was built here: every promise by
// use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"

namespace aios {
namespace {

class CodexScheduler : public ::testing::TestWithParam<const char*> {};

TEST_P(CodexScheduler, KeepsItsPromises) {
  const std::string subject = std::string(GetParam()) + "+ai_scheduler";
  const Json run = bench_json({"run", subject, "--scenario", "ai_scheduler,modules", "--json"});
  ASSERT_TRUE(run.is_object());
  int lines = 0;
  for (const auto& sample : run.at("samples")) {
    const std::string metric = sample.value("metric", "");
    if (metric.starts_with("build.")) continue;
    ++lines;
    const double wanted = metric == "modules.left_behind_after_1000" ? 0 : 1;
    EXPECT_EQ(sample.value("value", -1.0), wanted) << metric << ": " << sample.value("detail", "");
  }
  EXPECT_EQ(lines, 12);
}

INSTANTIATE_TEST_SUITE_P(Kernels, CodexScheduler, ::testing::Values("aios", "debian"),
                         [](const auto& one) { return std::string(one.param); });

TEST(CodexSchedulerAlone, WithoutTheModuleItsLinesAreSkipped) {
  const Json run = bench_json({"run", "aios", "--scenario", "modules", "--json"});
  ASSERT_TRUE(run.is_object());
  for (const auto& sample : run.at("samples")) {
    if (!sample.value("metric", "").starts_with("modules.")) continue;
    EXPECT_TRUE(sample.value("skipped", false)) << sample;
  }
}

}  // namespace
}  // namespace aios
