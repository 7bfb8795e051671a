// SPDX-License-Identifier: Apache-2.0
// The loops around the searches, with a scripted measurer.
#include "harness/experiment/bisect.h"

#include <gmock/gmock.h>

#include "harness/experiment/bisect_config.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

struct LoopNotes final : Progress {
  std::vector<std::string> phases, notes;
  void phase(std::string_view text) override { phases.emplace_back(text); }
  void step(const ProgressStep&) override {}
  void note(std::string_view text) override { notes.emplace_back(text); }
};

class BisectLoopTest : public ::testing::Test {
 protected:
  BisectLoopTest() : scratch(ScratchFolder::create("aios-bisect-test").value()) {
    for (int i = 1; i <= 20; ++i) {
      history.commits[id(i)] = {id(i), {id(i - 1)}, "change " + std::to_string(i)};
    }
    history.good = id(0);
    history.bad = id(20);
    request.run.subject.kernel = "mine";
    request.metric = "syscall.null";
    request.good = history.good;
    request.bad = history.bad;
    request.good_name = "v1";
    request.bad_name = "v2";
    measurer.clock = &clock;
    measurer.cancel = &cancel;
    measurer.progress = &progress;
    measurer.measure = [this](const RunRequest& asked) { return run(asked); };
  }
  static std::string id(int i) { return "commit" + std::string(i < 10 ? "0" : "") + std::to_string(i); }
  fs::path folder() const { return scratch.path() / "bisects/20260101-000000-aaaaaa"; }

  Result<RunRecord> run(const RunRequest& asked) {
    asked_for.push_back(asked.subject.ref);
    clock.advance(std::chrono::seconds(20));
    if (fails.contains(asked.subject.ref)) return fails.at(asked.subject.ref);
    RunRecord out;
    out.outcome = "complete";
    out.provenance.run = "run-" + asked.subject.ref;
    Sample sample;
    sample.metric = "syscall.null";
    sample.unit = Unit::instructions;
    sample.value = asked.subject.ref >= id(13) ? 250 : 200;
    out.samples.push_back(sample);
    return out;
  }

  ScratchFolder scratch;
  CommitHistory history;
  BisectRequest request;
  ManualClock clock;
  CancelToken cancel;
  LoopNotes progress;
  Measurer measurer;
  std::map<std::string, Error> fails;
  std::vector<std::string> asked_for;
};

TEST_F(BisectLoopTest, FindsTheCommitAndSaysHowFarItIs) {
  BisectLog log = BisectLog::begin(folder(), request).value();
  const auto report = run_bisect(log, history, measurer);
  ASSERT_TRUE(report.ok()) << report.error().describe();
  ASSERT_EQ(report->answer.steps.size(), 1U);
  EXPECT_EQ(report->answer.steps[0].commit, id(13));
  EXPECT_EQ(bisect_exit_code(*report), 0);
  EXPECT_THAT(bisect_to_text(*report), HasSubstr("+50 instr  commit13  change 13   200 instr -> 250 instr"));
  EXPECT_THAT(progress.phases.back(), HasSubstr("left"));
  EXPECT_THAT(progress.phases[3], HasSubstr("1m"));  // what is left at 20 s each
  const auto json = parse_json(bisect_to_json(*report), "report").value();
  EXPECT_EQ(json["steps"][0]["size"], 50);
}

TEST_F(BisectLoopTest, AFaultOfTheLabEndsItAndItGoesOnWhereItWas) {
  {
    BisectLog log = BisectLog::begin(folder(), request).value();
    fails.emplace(id(10), infra_fault("QEMU is gone"));
    const auto report = run_bisect(log, history, measurer);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().kind, ErrorKind::infra_fault);
    EXPECT_THAT(report.error().hint, HasSubstr("--resume 20260101-000000-aaaaaa"));
  }
  fails.clear();
  const std::size_t before = asked_for.size();
  BisectLog log = BisectLog::resume(folder()).value();
  EXPECT_EQ(log.request().metric, "syscall.null");
  EXPECT_EQ(log.request().run.subject.kernel, "mine");
  const auto report = run_bisect(log, history, measurer).value();
  EXPECT_EQ(report.answer.steps[0].commit, id(13));
  for (std::size_t i = before; i < asked_for.size(); ++i) {
    for (std::size_t j = 0; j + 1 < before; ++j) EXPECT_NE(asked_for[i], asked_for[j]);
  }
}

TEST_F(BisectLoopTest, ATornLineIsMeasuredAgainAndNothingElse) {
  {
    BisectLog log = BisectLog::begin(folder(), request).value();
    ASSERT_TRUE(run_bisect(log, history, measurer).ok());
  }
  const std::string text = read_file(folder() / "points.jsonl").value();
  ASSERT_TRUE(write_file_atomic(folder() / "points.jsonl", text.substr(0, text.size() - 9)).ok());
  const std::size_t before = asked_for.size();
  BisectLog log = BisectLog::resume(folder()).value();
  ASSERT_TRUE(run_bisect(log, history, measurer).ok());
  EXPECT_EQ(asked_for.size(), before + 1);
}

TEST_F(BisectLoopTest, WhatDoesNotBuildIsSkippedAndNamed) {
  for (const int broken : {10, 11, 12, 14}) {
    fails.emplace(id(broken), kernel_fault("'x' undeclared", "fs/x.c:3"));
  }
  BisectLog log = BisectLog::begin(folder(), request).value();
  const auto report = run_bisect(log, history, measurer).value();
  ASSERT_EQ(report.answer.steps.size(), 1U);
  EXPECT_EQ(report.answer.steps[0].commit, id(13));
  EXPECT_THAT(report.answer.steps[0].or_with, ::testing::ElementsAre(id(10), id(11), id(12)));
  EXPECT_EQ(bisect_exit_code(report), 4);
  EXPECT_THAT(bisect_to_text(report), HasSubstr("skipped commit10 change 10: 'x' undeclared (fs/x.c:3)"));
}

TEST_F(BisectLoopTest, TwoAtOnceAreRefused) {
  const BisectLog log = BisectLog::begin(folder(), request).value();
  const auto second = BisectLog::resume(folder());
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().what, HasSubstr("another process"));
}

TEST_F(BisectLoopTest, ABudgetEndsItUnsure) {
  BisectLog log = BisectLog::begin(folder(), request).value();
  const auto report = run_bisect(log, history, measurer, 50).value();
  EXPECT_EQ(bisect_exit_code(report), 4);
  EXPECT_THAT(report.stopped, HasSubstr("budget"));
  EXPECT_EQ(asked_for.size(), 3U);
}

// The loop over configuration, with a Kconfig in which THREE needs ONE.
TEST_F(BisectLoopTest, OptionsAreToldApart) {
  request.good_name = "a.config";
  request.bad_name = "b.config";
  ASSERT_TRUE(make_folders(folder()).ok());
  ASSERT_TRUE(write_file_atomic(folder() / "a.config", "CONFIG_SAME=y\nCONFIG_ONE=n\nCONFIG_TWO=y\n").ok());
  ASSERT_TRUE(
      write_file_atomic(folder() / "b.config", "CONFIG_SAME=y\nCONFIG_ONE=y\nCONFIG_THREE=y\nCONFIG_TWO=n\n").ok());
  const auto values_of = [](const fs::path& file) {
    ConfigValues values;
    for (const auto& line : read_fragment(file, "fragment").value()) {
      if (line.value != "n") values[line.name] = line.value;
    }
    return values;
  };
  const ConfigureWith configure = [&](const fs::path& fragment) -> Result<ConfiguredTree> {
    ConfiguredTree tree{values_of(fragment), {}, {}};
    if (!tree.values.contains("ONE") && tree.values.erase("THREE") > 0) tree.answers["THREE"].missing = {"ONE=y"};
    return tree;
  };
  measurer.measure = [&](const RunRequest& asked) -> Result<RunRecord> {
    const ConfigValues on = values_of(asked.subject.configs.back());
    EXPECT_TRUE(on.contains("SAME"));
    RunRecord out;
    out.outcome = "complete";
    Sample sample;
    sample.metric = "syscall.null";
    sample.unit = Unit::instructions;
    sample.value = 100 + 7.0 * static_cast<double>(on.count("ONE")) + 20.0 * static_cast<double>(on.count("TWO")) +
                   3.0 * static_cast<double>(on.count("ONE") * on.count("THREE"));
    out.samples.push_back(sample);
    return out;
  };
  {
    BisectLog log = BisectLog::begin(folder(), request).value();
    const auto report = run_config_bisect(log, configure, measurer);
    ASSERT_TRUE(report.ok()) << report.error().describe();
    EXPECT_EQ(report->costs.second - report->costs.first, -10);
    EXPECT_EQ(report->costs.sum, -10);
    EXPECT_EQ(report->costs.remainder, 0);
    EXPECT_EQ(config_bisect_exit_code(*report), 0);
    const std::string text = config_bisect_to_text(*report);
    EXPECT_THAT(text, HasSubstr("TWO"));
    EXPECT_THAT(text, HasSubstr("-20 instr"));
    EXPECT_THAT(text, HasSubstr("+3 instr  on top of ONE"));
  }
  measurer.measure = [](const RunRequest&) -> Result<RunRecord> { return internal_error("measured twice"); };
  BisectLog again = BisectLog::resume(folder()).value();
  EXPECT_TRUE(run_config_bisect(again, configure, measurer).ok());
}

}  // namespace
}  // namespace aios
