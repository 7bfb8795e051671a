// SPDX-License-Identifier: Apache-2.0
// Restored and cold, with real guests: every figure of every scenario of `core` is the same both ways, and what happens
// to a saved guest changes no figure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"

namespace aios {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

// All that was measured of a scenario but `boot`, iteration by iteration, as text.
std::string everything_measured(const Json& run) {
  std::string out;
  for (const auto& sample : run.at("samples")) {
    if (sample.value("scenario", "") != "boot") out += sample.dump() + "\n";
  }
  return out;
}

std::vector<std::string> starts_of_boots(const Json& run) {
  std::vector<std::string> out;
  for (const auto& boot : run.at("boots")) {
    if (boot.value("scenario", "") != "boot") out.push_back(boot.value("start", ""));
  }
  return out;
}

fs::path saved_guests_folder() {
  const char* store = std::getenv("AIOS_BENCH_HOME");
  return fs::path(store != nullptr ? store : ".aios-bench") / "cache" / "guests";
}

TEST(Restored, IsTheSameAsColdInEveryScenarioOfCore) {
  const std::vector<std::string> run = {"run", "aios", "--scenario", "core", "--json"};
  const Json first = bench_json(run);
  const Json second = bench_json(run);
  std::vector<std::string> cold_run = run;
  cold_run.emplace_back("--cold");
  const Json cold = bench_json(cold_run);
  EXPECT_THAT(starts_of_boots(first), Each("restored"));
  EXPECT_THAT(starts_of_boots(second), Each("restored"));
  EXPECT_THAT(starts_of_boots(cold), Each("cold"));
  EXPECT_GT(everything_measured(cold).size(), 10'000U);
  EXPECT_EQ(everything_measured(first), everything_measured(second));
  EXPECT_EQ(everything_measured(first), everything_measured(cold));
  const auto id = [](const Json& json) { return json.at("provenance").value("run", ""); };
  const Json compared = bench_json({"compare", id(first), id(cold), "--json"});
  EXPECT_EQ(compared.value("verdict", ""), "same");
  EXPECT_THAT(compared.at("differences").dump(), HasSubstr("restored"));
}

TEST(Restored, ADamagedGuestIsSavedAgainAndNoFigureMoves) {
  const std::vector<std::string> run = {"run", "debian", "--scenario", "syscall", "--json"};
  const std::string before = everything_measured(bench_json(run));
  for (const auto& entry : fs::directory_iterator(saved_guests_folder())) {
    fs::resize_file(entry.path() / "state", fs::file_size(entry.path() / "state") / 2);
  }
  const Captured got = bench(run);
  EXPECT_EQ(got.exit.code, 0) << got.err;
  EXPECT_THAT(got.err, HasSubstr("a saved guest is damaged"));
  EXPECT_EQ(everything_measured(parse_json(got.out, "run").value()), before);
}

// Whole as far as anybody can tell, and of no use to QEMU.
TEST(Restored, WhatQemuCannotTakeIsBootedColdAndNoKernelIsAtFault) {
  const std::vector<std::string> run = {"run", "debian", "--scenario", "syscall", "--json"};
  const std::string before = everything_measured(bench_json(run));
  for (const auto& entry : fs::directory_iterator(saved_guests_folder())) {
    ASSERT_TRUE(write_file_atomic(entry.path() / "state", "123456789").ok());
    ASSERT_TRUE(write_file_atomic(entry.path() / "seal", "9 cbf43926").ok());
  }
  const Json json = bench_json(run);
  EXPECT_EQ(everything_measured(json), before);
  EXPECT_THAT(starts_of_boots(json), Each("cold"));
  EXPECT_THAT(json.at("boots").at(0).at("notes").dump(), HasSubstr("booted cold"));
  EXPECT_THAT(starts_of_boots(bench_json(run)), Each("restored"));  // saved anew
  // The guests of other runs were damaged too: the tests after this one get theirs whole.
  fs::remove_all(saved_guests_folder());
}

}  // namespace
}  // namespace aios
