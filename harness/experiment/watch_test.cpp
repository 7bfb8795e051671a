// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "harness/experiment/source_watch.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

RunRecord watched_run(double value) {
  RunRecord run;
  run.subject = run.kernel = "tiny";
  run.mode = "exact";
  run.outcome = "complete";
  run.metrics = {{.name = "syscall.null", .unit = Unit::instructions, .scenario = "syscall"}};
  run.boots = {{.scenario = "syscall", .ok = true}};
  run.samples = {{.metric = "syscall.null", .scenario = "syscall", .unit = Unit::instructions, .value = value}};
  return run;
}

// Each round's measurement, and after the last one Ctrl-C.
class WatchLoop : public ::testing::Test {
 protected:
  Result<int> run(std::vector<Result<RunRecord>> script) {
    Measurer measurer;
    measurer.clock = &clock_;
    measurer.cancel = &cancel_;
    measurer.progress = &progress_;
    std::size_t next = 0;
    measurer.measure = [&](const RunRequest&) {
      clock_.advance(std::chrono::milliseconds(700));
      return script.at(next++);
    };
    WatchInputs inputs;
    inputs.wait = [&]() -> Result<SavedFiles> {
      if (next == script.size()) return interrupted();
      const SavedFiles saved{{"path.S"}, clock_.monotonic()};
      clock_.advance(std::chrono::milliseconds(150));
      return saved;
    };
    inputs.show = [&](const WatchRound& round) { rounds_.push_back(round); };
    return watch_loop({}, measurer, inputs);
  }

  ManualClock clock_;
  CancelToken cancel_;
  NoProgress progress_;
  std::vector<WatchRound> rounds_;
};

TEST_F(WatchLoop, EachSaveIsHeldToTheBaselineAndToTheOneBefore) {
  EXPECT_EQ(run({watched_run(60), watched_run(67), watched_run(67)}).value(), 3);
  ASSERT_EQ(rounds_.size(), 3U);
  EXPECT_TRUE(rounds_[0].baseline);
  EXPECT_FALSE(rounds_[0].to_baseline);
  EXPECT_NEAR(rounds_[0].seconds, 0.7, 1e-9);
  EXPECT_EQ(rounds_[1].to_baseline->rows.at(0).difference, 7);
  EXPECT_EQ(rounds_[1].to_baseline->rows.at(0).change, Change::worse);
  EXPECT_NEAR(rounds_[1].seconds, 0.85, 1e-9);  // from the save
  EXPECT_THAT(rounds_[1].saved.names, ElementsAre("path.S"));
  EXPECT_EQ(rounds_[2].to_baseline->rows.at(0).difference, 7);
  EXPECT_EQ(rounds_[2].to_last->rows.at(0).change, Change::same);
}

TEST_F(WatchLoop, WhatDoesNotBuildIsToldAndTheNextIsHeldToTheSameBaseline) {
  EXPECT_EQ(run({watched_run(60), kernel_fault("path.S:9: no such instruction"), watched_run(63)}).value(), 3);
  EXPECT_THAT(rounds_.at(1).failure->what, HasSubstr("no such instruction"));
  EXPECT_FALSE(rounds_[1].run);
  EXPECT_EQ(rounds_.at(2).to_last->rows.at(0).difference, 3);
}

TEST_F(WatchLoop, TheFirstThatGoesThroughIsTheBaseline) {
  RunRecord panic = watched_run(0);
  panic.outcome = "failed";
  panic.boots[0].ok = false;
  panic.boots[0].end_state = "panic";
  panic.boots[0].error = "not syncing";
  panic.boots[0].error_kind = "kernel_fault";
  ASSERT_TRUE(run({kernel_fault("does not build"), panic, watched_run(60), watched_run(61)}).ok());
  EXPECT_THAT(rounds_.at(1).failure->what, HasSubstr("panic: not syncing"));
  EXPECT_TRUE(rounds_.at(2).baseline);
  EXPECT_EQ(rounds_.at(3).to_baseline->rows.at(0).difference, 1);
}

TEST_F(WatchLoop, AWrongRequestEndsItAtOnceButNotLater) {
  EXPECT_EQ(run({config_error("no such scenario")}).error().what, "no such scenario");
  EXPECT_TRUE(rounds_.empty());
  EXPECT_TRUE(run({watched_run(1), config_error("a Makefile is gone"), watched_run(1)}).ok());
  EXPECT_EQ(rounds_.size(), 3U);
}

class SourceWatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root() / "mm");
    fs::create_directories(root() / ".git");
    write("path.S", "1");
    watch_.emplace(SourceWatch::open({root()}, clock_, cancel_, std::chrono::milliseconds(30)).value());
  }
  fs::path root() const { return scratch_.path(); }
  void write(const std::string& name, const std::string& text) { std::ofstream(root() / name) << text; }

  ScratchFolder scratch_ = ScratchFolder::create("aios-watch").value();
  SystemClock clock_;
  CancelToken cancel_;
  std::optional<SourceWatch> watch_;
};

TEST_F(SourceWatchTest, SavesThatComeTogetherAreOneAndNoneIsLost) {
  write("path.S", "2");
  write("mm/page.c", "x");
  write(".git/index", "x");
  write("path.S~", "x");
  write("main.o", "x");
  EXPECT_THAT(watch_->wait().value().names, UnorderedElementsAre("path.S", "mm/page.c"));
  EXPECT_EQ(watch_->watched_folders(), 2U);
}

TEST_F(SourceWatchTest, EditorsThatRenameOverAFileSaveItEachTime) {
  for (int i = 0; i < 3; ++i) {
    write(".path.S.swp", "x");
    write("path.S.tmp", std::to_string(i));
    fs::rename(root() / "path.S.tmp", root() / "path.S");
    EXPECT_THAT(watch_->wait().value().names, ElementsAre("path.S"));
  }
}

TEST_F(SourceWatchTest, NewFoldersAreWatchedAndRemovalsCount) {
  fs::create_directories(root() / "drivers/net");
  EXPECT_TRUE(watch_->wait().ok());
  write("drivers/net/card.c", "x");
  EXPECT_THAT(watch_->wait().value().names, ElementsAre("drivers/net/card.c"));
  fs::remove(root() / "path.S");
  EXPECT_THAT(watch_->wait().value().names, ElementsAre("path.S"));
}

TEST_F(SourceWatchTest, CtrlCEndsTheWaiting) {
  std::thread later([this] { cancel_.cancel(); });
  EXPECT_EQ(watch_->wait().error().kind, ErrorKind::interrupted);
  later.join();
}

TEST(SourceNames, WhatEditorsAndBuildsLeaveIsNoSource) {
  for (const char* name : {"x~", ".x.swp", "4913", ".#x.c", "#x.c#", "x.o", ".x.o.cmd", "x.ko"}) {
    EXPECT_FALSE(is_source_name(name)) << name;
  }
  for (const char* name : {"x.c", "Makefile", "Kconfig", "x.inc", ".config"}) EXPECT_TRUE(is_source_name(name)) << name;
}

}  // namespace
}  // namespace aios
