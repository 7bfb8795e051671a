// SPDX-License-Identifier: Apache-2.0
// The modules ai_mem and ai_gpu on the aiOS kernel: every promise by use, what a block costs, a short run of the
// fuzzer; and a kernel that panics is taken back to its snapshot.
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"

namespace aios {
namespace {

std::map<std::string, double> figures_of(const std::string& subject, const std::string& scenario) {
  std::map<std::string, double> out;
  const Json run = bench_json({"run", subject, "--scenario", scenario, "--json"});
  if (!run.is_object() || !run.contains("samples")) return out;
  for (const auto& sample : run.at("samples")) {
    const std::string metric = sample.value("metric", "");
    if (metric.starts_with(scenario + ".")) out[metric.substr(scenario.size() + 1)] = sample.value("value", -1.0);
  }
  return out;
}

TEST(CodexMemory, ThePoolKeepsItsPromises) {
  auto figures = figures_of("aios+ai_mem", "ai_mem");
  EXPECT_EQ(figures["blocks"], 65536);
  figures.erase("blocks");
  // dma-buf is not in this kernel.
  EXPECT_EQ(figures.size(), 14U);
  for (const auto& [name, value] : figures) EXPECT_EQ(value, 1) << name;
}

TEST(CodexMemory, ABlockCostsTheSameHoweverFullThePoolIs) {
  auto figures = figures_of("aios+ai_mem", "ai_memory");
  EXPECT_GT(figures["alloc_free"], figures["two_system_calls"]);
  EXPECT_LT(figures["alloc_free"] - figures["two_system_calls"], 400);
  EXPECT_EQ(figures["alloc_free"], figures["alloc_free_60000_taken"]);
}

TEST(CodexMemory, ADeviceComputesAndItsPagesMove) {
  const auto figures = figures_of("aios+ai_gpu", "ai_gpu");
  EXPECT_EQ(figures.size(), 6U);
  for (const auto& [name, value] : figures) EXPECT_EQ(value, 1) << name;
}

TEST(CodexMemory, NonsenseIsRefusedAndLeavesNothing) {
  auto figures = figures_of("aios+ai_mem+ai_gpu+ai_scheduler", "codex_fuzz");
  EXPECT_EQ(figures["calls"], 20000);
  EXPECT_EQ(figures["reports"], 0);
  EXPECT_GT(figures["removals"], 0);
  EXPECT_EQ(figures["nothing_left"], 1);
  EXPECT_EQ(figures["console_not_drowned"], 1);
}

TEST(Fault, APanicIsKeptAndTheMachineGoesBackToItsSnapshot) {
  const Json run = bench_json({"run", "aios", "--scenario", "fault", "--json"});
  std::map<std::string, double> figures;
  for (const auto& sample : run.at("samples")) figures[sample.value("metric", "")] = sample.value("value", -1.0);
  EXPECT_EQ(figures["fault.panic_log_kept"], 1);
  EXPECT_EQ(figures["fault.snapshot_restored"], 1);
  const Json& boot = run.at("boots").at(0);
  EXPECT_EQ(boot.value("start", ""), "restored");
  EXPECT_TRUE(boot.at("logs").contains("panic console")) << boot.dump(1);
}

}  // namespace
}  // namespace aios
