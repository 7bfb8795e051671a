// SPDX-License-Identifier: Apache-2.0
// What commands write as JSON fits the published schemas (reports/schema), by a real validator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/stored_examples.h"
#include "harness/cli/testing/tiny_history.h"
#include "harness/support/files.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

const std::vector<int> kVerdicts = {0, 1, 4};

class Schema : public ::testing::Test {
 protected:
  // Exit code and complaints of the validator.
  Captured validate(const std::string& kind, const std::string& document) {
    const fs::path file = examples_.file(kind + ".json");
    EXPECT_TRUE(write_file_atomic(file, document).ok());
    return run_command({.argv = {"/usr/bin/python3", AIOS_SOURCE_DIR "/reports/schema/validate", kind, file.string()}})
        .value();
  }
  // Runs a command that writes JSON and holds that against the schema.
  std::string expect_fits(const std::string& kind, const std::vector<std::string>& words,
                          const std::map<std::string, std::string>& env) {
    const Captured got = bench(words, env);
    EXPECT_THAT(kVerdicts, ::testing::Contains(got.exit.code)) << got.err;
    const Captured verdict = validate(kind, got.out);
    EXPECT_EQ(verdict.exit.code, 0) << words[0] << ": " << verdict.out.substr(0, 2000) << verdict.err;
    return got.out;
  }
  ExampleStore examples_;
};

// A kernel built in a second, booted for real: counts, boots, provenance as they are.
TEST_F(Schema, WhatIsMeasuredComparedAndJudged) {
  TinyHistory tiny;
  const auto env = tiny.environment();
  const std::string before = tiny.head().substr(0, 10);
  tiny.write_part("second", 27);
  const std::string after = tiny.commit("slower").substr(0, 10);
  expect_fits("run", {"run", "tiny@" + before, "--scenario", "syscall", "--label", "before", "--json"}, env);
  expect_fits("run", {"run", "tiny@" + after, "--scenario", "syscall", "--label", "after", "--json"}, env);
  expect_fits("comparison", {"compare", "before", "after", "--json"}, env);
  expect_fits("gate", {"gate", "before", "after", "--json"}, env);
  expect_fits("report", {"report", "before", "after", "--json"}, env);
  expect_fits("diff", {"diff-report", "before", "after", "--json"}, env);
}

TEST_F(Schema, ALinuxOfThisStore) {
  const char* home = std::getenv("AIOS_BENCH_HOME");
  ASSERT_NE(home, nullptr) << "the kernels are built in $AIOS_BENCH_HOME";
  const fs::path store = examples_.file("linux");
  fs::create_directories(store);
  fs::create_directory_symlink(fs::absolute(fs::path(home) / "cache"), store / "cache");
  const std::map<std::string, std::string> env = {{"AIOS_BENCH_HOME", store.string()}};
  const std::string run =
      expect_fits("run", {"run", "aios", "--scenario", "boot,checklist", "--label", "linux", "--json"}, env);
  EXPECT_THAT(run, HasSubstr("\"config_audit\""));
  EXPECT_THAT(run, HasSubstr("\"initcall\""));
  expect_fits("report", {"report", "linux", "--json"}, env);
  expect_fits("claims", {"claims", "--json"}, env);
}

TEST_F(Schema, TimedImportedAndHostileRunsFitToo) {
  const std::string slow = examples_.put(testing::timed_run("debian", 1.1, 8));
  const std::string fast = examples_.put(testing::timed_run("aios", 1, 8));
  const auto env = examples_.env();
  expect_fits("comparison", {"compare", slow, fast, "--json"}, env);
  expect_fits("gate", {"gate", "run:" + slow, "run:" + fast, "--json"}, env);
  expect_fits("report", {"report", slow, fast, "--json"}, env);
  expect_fits("diff", {"diff-report", slow, fast, "--json"}, env);
  expect_fits("claims", {"claims", "--json"}, env);
  const fs::path log = examples_.file("ktap.log");
  ASSERT_TRUE(write_file_atomic(log, "KTAP version 1\n1..2\nok 1 a\nnot ok 2 b\n").ok());
  expect_fits("run", {"import", "ktap", log.string(), "--json"}, env);
  expect_fits("report", {"report", "--json"}, env);
}

TEST_F(Schema, AndWhatDoesNotFitIsFound) {
  const std::string run = examples_.put(testing::example_run());
  const std::string report = expect_fits("report", {"report", run, "--json"}, examples_.env());
  Json json = parse_json(report, "report").value();
  json["runs"][0]["samples"][0]["unit"] = "furlongs";
  json["surprise"] = 1;
  json.erase("headline");
  const Captured verdict = validate("report", dump_json(json));
  EXPECT_EQ(verdict.exit.code, 1);
  for (const char* complaint : {"furlongs", "surprise", "headline"}) EXPECT_THAT(verdict.out, HasSubstr(complaint));
}

}  // namespace
}  // namespace aios
