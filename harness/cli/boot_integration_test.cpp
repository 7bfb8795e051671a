// SPDX-License-Identifier: Apache-2.0
// The whole way with real boots: measured twice and equal, stored, compared, reported, repeated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/cli/testing/bench_program.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

Json without_provenance(Json run) {
  run.erase("provenance");
  return run;
}

std::map<std::string, double> values(const Json& run) {
  std::map<std::string, double> out;
  for (const auto& sample : run.at("samples")) {
    out[sample.value("metric", "") + "#" + std::to_string(sample.value("boot", 0))] = sample.value("value", 0.0);
  }
  return out;
}

std::string run_id(const Json& run) { return run.at("provenance").value("run", ""); }

// Every core scenario of the aiOS kernel in exact mode, twice: every number is equal, and so is all the rest.
TEST(ExactTwice, EveryCoreScenarioOfAios) {
  const Json first = bench_json({"run", "aios", "--scenario", "core", "--mode", "exact", "--json"});
  const Json second = bench_json({"run", "aios", "--scenario", "core", "--mode", "exact", "--json"});
  EXPECT_GT(values(first).size(), 60U);
  EXPECT_EQ(values(first), values(second));
  EXPECT_EQ(without_provenance(first), without_provenance(second));
  for (const auto& sample : first.at("samples")) {
    EXPECT_NE(sample.value("unit", ""), "nanoseconds") << sample;
  }
}

TEST(ExactTwice, DebianAndTheRepeatOfAStoredRun) {
  const Json first = bench_json({"run", "debian", "--scenario", "boot,syscall", "--json", "--label", "repeat-me"});
  const Json again = bench_json({"run", "--repeat", run_id(first), "--json"});
  EXPECT_EQ(values(first), values(again));
  const Json comparison = bench_json({"compare", run_id(first), run_id(again), "--json"});
  EXPECT_EQ(comparison.value("verdict", ""), "same") << comparison.dump().substr(0, 1000);
}

TEST(Compare, AiosBootsInAtMostHalfOfTheDistributionsInstructions) {
  const Json aios = bench_json({"run", "aios", "--scenario", "boot", "--json"});
  const Json debian = bench_json({"run", "debian", "--scenario", "boot", "--json"});
  EXPECT_LE(values(aios).at("boot.to_init#0"), 0.5 * values(debian).at("boot.to_init#0"));
}

TEST(Compare, OneMoreWordOnTheCommandLineIsSeenAndSaid) {
  const Json plain = bench_json({"run", "aios", "--scenario", "boot", "--json"});
  const Json padded = bench_json({"run", "aios", "--scenario", "boot", "--append", "padding=1", "--json"});
  const Captured got = bench({"compare", run_id(plain), run_id(padded)});
  EXPECT_THAT(got.out, HasSubstr("boot.to_init"));
  EXPECT_NE(values(plain).at("boot.to_init#0"), values(padded).at("boot.to_init#0"));
}

TEST(Claims, AfterARunTheyHaveValuesAndTheirRun) {
  const Json run = bench_json({"run", "aios", "--scenario", "boot,footprint,checklist", "--json"});
  const Captured got = bench({"claims", "--kernel", "aios", "--json"});
  std::map<std::string, Json> rows;
  const Json ledger = parse_json(got.out, "claims").value();
  for (const auto& row : ledger) rows[row.value("id", "")] = row;
  for (const char* id : {"A1", "A2", "A3"}) {
    EXPECT_EQ(rows.at(id).value("verdict", ""), "met") << rows.at(id);
    EXPECT_FALSE(rows.at(id).value("run", "").empty()) << rows.at(id);
  }
  EXPECT_EQ(rows.at("A4").value("verdict", ""), "bounded") << rows.at("A4");
}

TEST(Report, HtmlIsOneFileAndMarkdownAndJsonExist) {
  const auto folder = ScratchFolder::create().value();
  const Json run = bench_json({"run", "aios", "--scenario", "boot", "--json"});
  const std::string html = (folder.path() / "r.html").string();
  const std::string markdown = (folder.path() / "r.md").string();
  ASSERT_EQ(bench({"report", run_id(run), "--html", html, "--markdown", markdown}).exit.code, 0);
  const std::string page = read_file(html).value();
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_EQ(page.find("src=\"http"), std::string::npos);
  EXPECT_LT(page.size(), 2U << 20);
  EXPECT_THAT(read_file(markdown).value(), HasSubstr("boot.to_init"));
  EXPECT_TRUE(bench_json({"report", run_id(run), "--json"}).contains("runs"));
  EXPECT_THAT(bench({"export", "prometheus"}).out, HasSubstr("# TYPE aios_bench_"));
  EXPECT_THAT(bench({"log", run_id(run)}).out, HasSubstr("== boot 0 (boot, finished): console"));
}

TEST(Store, PushPullAndRebuildKeepEveryNumber) {
  const auto folder = ScratchFolder::create().value();
  const Json run = bench_json({"run", "aios", "--scenario", "boot", "--json"});
  ASSERT_EQ(bench({"store", "push", (folder.path() / "other").string()}).exit.code, 0);
  const std::map<std::string, std::string> elsewhere{{"AIOS_BENCH_HOME", (folder.path() / "home").string()}};
  ASSERT_EQ(bench({"store", "pull", (folder.path() / "other").string()}, elsewhere).exit.code, 0);
  ASSERT_EQ(bench({"store", "rebuild"}, elsewhere).exit.code, 0);
  const Json report = bench_json({"report", run_id(run), "--json"}, 0, elsewhere);
  EXPECT_EQ(values(report.at("runs").at(0)), values(run));
}

}  // namespace
}  // namespace aios
