// SPDX-License-Identifier: Apache-2.0
// The gate end to end, on the built kernel: verdicts and exit codes, every output, accepting, the first and the last
// good run of a branch, and the templates for CI systems, whose own steps are run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/support/files.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A store of its own that shares what was built.
class GateProgram : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* home = std::getenv("AIOS_BENCH_HOME");
    ASSERT_NE(home, nullptr) << "the kernels are built in $AIOS_BENCH_HOME";
    const fs::path store = scratch_.path() / "store";
    fs::create_directories(store);
    fs::create_directory_symlink(fs::absolute(fs::path(home) / "cache"), store / "cache");
    env_ = {{"AIOS_BENCH_HOME", store.string()}};
  }
  Captured gate(std::vector<std::string> words) {
    words.insert(words.begin(), "gate");
    return bench(std::move(words), env_, scratch_.path());
  }
  std::string text_of(const char* name) const { return read_file(scratch_.path() / name).value_or(""); }
  // The template's own steps, as its CI system would run them.
  Captured run_template(const std::string& file, std::map<std::string, std::string> env) {
    const std::string source = AIOS_SOURCE_DIR;
    for (const auto& [key, value] : env_) env.emplace(key, value);
    env["AIOS_BENCH"] = bench_program();
    env["AIOS_GATE_STORE"] = (scratch_.path() / "history").string();
    env["AIOS_GATE_OUT"] = (scratch_.path() / "out").string();
    env["CI"] = "true";
    const std::string line =
        "steps=$(ci/templates/steps ci/templates/" + file + " aios-gate) && bash -euo pipefail -c \"$steps\"";
    CaptureOptions options;
    options.timeout = std::chrono::minutes(5);
    auto got = run_command({.argv = {"bash", "-c", line}, .cwd = source, .env = std::move(env)}, options);
    if (!got.ok()) {
      ADD_FAILURE() << got.error().describe();
      return {{false, 255}, {}, {}};
    }
    return std::move(got).value();
  }

  ScratchFolder scratch_ = ScratchFolder::create("aios-bench-gate").value();
  std::map<std::string, std::string> env_;
};

TEST_F(GateProgram, SeesWhatAChangeCostsAndSaysItInEveryWay) {
  const Captured null = gate({"aios", "aios", "--candidate-append", "aios_null=x", "--scenario", "boot,syscall",
                              "--perturb", "0", "--label", "candidate"});
  EXPECT_EQ(null.exit.code, 0) << null.out << null.err;
  EXPECT_THAT(null.out, HasSubstr("this run would have caught one instruction more in"));
  EXPECT_THAT(null.err, HasSubstr("plan: exact"));

  // Every initcall on the console: a slower boot, and nothing else.
  const Captured worse = gate({"candidate", "aios", "--candidate-append", "initcall_debug", "--perturb", "0", "--label",
                               "worse", "--scenario", "boot,syscall", "--markdown", "verdict.md", "--junit",
                               "junit.xml", "--annotations", "github", "--annotations", "gitlab:quality.json"});
  EXPECT_EQ(worse.exit.code, 1) << worse.out << worse.err;
  EXPECT_THAT(text_of("verdict.md"), HasSubstr("worse"));
  EXPECT_THAT(text_of("verdict.md"), HasSubstr("`boot.to_init`"));
  EXPECT_THAT(text_of("junit.xml"), HasSubstr("<failure message="));
  EXPECT_THAT(worse.out, HasSubstr("::error title=aios-bench gate%3A boot.to_init::"));
  const Json quality = parse_json(text_of("quality.json"), "quality").value();
  ASSERT_FALSE(quality.empty());
  EXPECT_EQ(quality.at(0).at("severity"), "critical");

  // Judged again from the store, and then accepted.
  const Captured again = gate({"candidate", "worse", "--json"});
  EXPECT_EQ(again.exit.code, 1);
  const Json json = parse_json(again.out, "standard output").value();
  for (const Json& row : json.at("rows")) {
    if (row.at("verdict") != "fail") continue;
    const Captured accepted =
        gate({"accept", "worse", "--metric", row.at("metric"), "--reason", "wanted for the test"});
    EXPECT_EQ(accepted.exit.code, 0) << accepted.err;
  }
  const Captured passed = gate({"candidate", "worse"});
  EXPECT_EQ(passed.exit.code, 0) << passed.out << passed.err;
  EXPECT_THAT(passed.out, HasSubstr("wanted for the test"));
}

TEST_F(GateProgram, WhatIsWrongIsSaidBeforeAnythingBoots) {
  ASSERT_TRUE(write_file_atomic(scratch_.path() / "gate.toml", "schema = 1\n[[rule]]\nmtach = [\"*\"]\n").ok());
  const Captured policy = gate({"aios", "aios", "--policy", "gate.toml"});
  EXPECT_EQ(policy.exit.code, 2);
  EXPECT_THAT(policy.err, HasSubstr("gate.toml:"));
  EXPECT_EQ(gate({"last-good:nobody", "aios"}).exit.code, 2);
  EXPECT_EQ(gate({"aios", "aios", "--budget", "soon"}).exit.code, 2);
  EXPECT_EQ(gate({"aios"}).exit.code, 2);
  EXPECT_EQ(gate({"accept", "latest", "--metric", "syscall.null"}).exit.code, 2) << "without a reason";
  const Captured plan = gate({"aios", "aios", "--plan", "--scenario", "boot"});
  EXPECT_EQ(plan.exit.code, 0);
  EXPECT_THAT(plan.err, HasSubstr("12 boots to make"));
}

TEST_F(GateProgram, BothSidesInTurnAreRunsOfTheirOwn) {
  const Captured got = gate({"aios", "aios", "--mode", "timed", "--machine", "qemu-tcg", "--scenario", "footprint",
                             "--boots", "2", "--seed", "5", "--json"});
  const Json json = parse_json(got.out, "standard output").value();
  EXPECT_TRUE(json.at("paired_blocks").get<bool>()) << got.err;
  EXPECT_EQ(json.at("seed"), "5");
  EXPECT_EQ(json.at("order").get<std::string>().size(), 4U);
  EXPECT_EQ(got.exit.code, json.at("exit_code"));
}

TEST_F(GateProgram, TheTemplatesWork) {
  const std::map<std::string, std::string> quick = {{"AIOS_GATE_ARGS", "--scenario boot --perturb 0"}};
  auto env = quick;
  env["AIOS_GATE_BRANCH"] = env["AIOS_GATE_LABEL"] = "main";
  const Captured first = run_template("github.yml", env);
  EXPECT_EQ(first.exit.code, 0) << first.out << first.err;
  EXPECT_THAT(first.out, HasSubstr("the first run of 'main'"));
  EXPECT_THAT(first.out, HasSubstr("::stop-commands::"));

  // A merge request on another runner: the history comes from the shared folder, not from its own store.
  fs::remove_all(fs::path(env_.at("AIOS_BENCH_HOME")) / "runs");
  fs::remove(fs::path(env_.at("AIOS_BENCH_HOME")) / "index.sqlite");
  env = quick;
  env["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = "main";
  env["CI_MERGE_REQUEST_IID"] = "7";
  const Captured second = run_template("gitlab-ci.yml", env);
  EXPECT_EQ(second.exit.code, 0) << second.out << second.err;
  EXPECT_TRUE(fs::exists(scratch_.path() / "out" / "code-quality.json"));
  EXPECT_THAT(text_of("out/verdict.md"), HasSubstr("no worse"));

  env = quick;
  env["AIOS_GATE_BRANCH"] = "main";
  env["AIOS_GATE_LABEL"] = "change-8";
  env["AIOS_GATE_ARGS"] += " --candidate-append initcall_debug";
  const Captured third = run_template("Jenkinsfile", env);
  EXPECT_EQ(third.exit.code, 1) << third.out << third.err;
  EXPECT_THAT(text_of("out/junit.xml"), HasSubstr("<failure"));
}

}  // namespace
}  // namespace aios
