// SPDX-License-Identifier: Apache-2.0
#include "harness/run/interleave.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/testing/scripted_lab.h"

namespace aios {
namespace {

using testing::good_boot;
using ::testing::HasSubstr;
using testing::Lab;

// Two labs, one store each would be as good; what matters is the order in which their machines start.
class InterleaveTest : public ::testing::Test {
 protected:
  void plan(int repeats) {
    for (Lab* lab : {&first_, &second_}) {
      lab->plan_scenarios({"syscall"});
      const PlannedBoot boot = lab->plan_.boots.at(0);
      lab->plan_.boots.clear();
      for (int repeat = 0; repeat < repeats; ++repeat) {
        lab->plan_.boots.push_back({repeat, boot.perturbation, repeat, boot.scenario});
        lab->scripts.push_back(good_boot("syscall", 205 + repeat));
      }
    }
    first_.before_boot = [this] { order_ += 'A'; };
    second_.before_boot = [this] { order_ += 'B'; };
  }
  Result<InterleavedRuns> run(Interleaving how) {
    return execute_interleaved({&first_.plan_, &first_.request_, &first_.kernel_, first_.env()},
                               {&second_.plan_, &second_.request_, &second_.kernel_, second_.env()}, how);
  }
  Lab first_, second_;
  std::string order_;
};

TEST_F(InterleaveTest, TheSeedDrawsTheOrderAndIsRecordedWithIt) {
  plan(12);
  const InterleavedRuns both = run({.seed = 7}).value();
  EXPECT_EQ(both.order, order_) << "what is recorded is what was done";
  EXPECT_EQ(both.blocks, 12);
  EXPECT_EQ(order_.size(), 24U);
  for (std::size_t i = 0; i < order_.size(); i += 2) EXPECT_NE(order_[i], order_[i + 1]) << "a block has both sides";
  EXPECT_THAT(order_, HasSubstr("BA"));
  EXPECT_THAT(order_, HasSubstr("AB"));
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(order_[static_cast<std::size_t>(2 * i)] == 'B', second_goes_first(7, i)) << "the same from the same seed";
  }
  EXPECT_EQ(both.first.outcome, "complete");
  EXPECT_EQ(both.second.samples.size(), 12U);
  EXPECT_EQ(both.first.provenance.extra.at("interleaved_with"), both.second.provenance.run);
  EXPECT_EQ(both.second.provenance.extra.at("block_seed"), "7");
  EXPECT_EQ(second_.store_.read_run(both.second.provenance.run)->run.provenance.extra.at("block_order"), order_);
}

TEST_F(InterleaveTest, EnoughIsEnoughAfterAWholeBlock) {
  plan(12);
  std::vector<int> asked;
  const InterleavedRuns both = run({.seed = 1,
                                    .enough =
                                        [&](const RunRecord& a, const RunRecord& b, int blocks) {
                                          EXPECT_EQ(a.boots.size(), b.boots.size());
                                          asked.push_back(blocks);
                                          return blocks == 5;
                                        }})
                                   .value();
  EXPECT_EQ(both.blocks, 5);
  EXPECT_EQ(asked, (std::vector<int>{1, 2, 3, 4, 5}));
  EXPECT_EQ(both.first.boots.size(), 5U);
  EXPECT_EQ(both.first.outcome, "complete");
  EXPECT_EQ(both.first.provenance.extra.at("blocks"), "5");
}

TEST_F(InterleaveTest, WhereOneSideStopsBothDo) {
  plan(4);
  testing::ScriptedBoot panic;
  panic.script.say("Linux version 6.12\n").say("Kernel panic - not syncing: VFS: nothing\n");
  panic.script.say("---[ end Kernel panic - not syncing: VFS: nothing ]---\n");
  panic.counts = "{\"type\":\"header\",\"schema\":1,\"classes\":[\"instructions\"]}\n";
  second_.scripts.front() = panic;
  const InterleavedRuns both = run({.seed = 3}).value();
  EXPECT_EQ(both.second.outcome, "failed");
  EXPECT_EQ(both.second.boots.size(), 1U);
  EXPECT_LE(both.first.boots.size(), 1U);
}

TEST_F(InterleaveTest, PlansThatAreNotAlikeAreRefused) {
  plan(2);
  second_.plan_.boots.pop_back();
  const auto both = run({});
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error().kind, ErrorKind::config);
  EXPECT_EQ(order_, "");
}

}  // namespace
}  // namespace aios
