// SPDX-License-Identifier: Apache-2.0
#include "harness/run/sample_assembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/boot_timeline.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CountVector counted(std::int64_t instructions, std::int64_t rep = 0, std::int64_t hlt = 0) {
  CountVector out;
  out[CountClass::instructions] = instructions;
  out[CountClass::rep_iterations] = rep;
  out[CountClass::hlt] = hlt;
  return out;
}

RegionCounts region(std::int64_t number, std::int64_t each, CountVector total) {
  RegionCounts out;
  out.number = number;
  out.complete = true;
  out.iterations = 10;
  out.total = total;
  out.median = out.min = out.max = counted(each + 500);
  out.quiet_median = counted(each);
  return out;
}

class AssemblyTest : public ::testing::Test {
 protected:
  AssemblyTest() {
    counts_.regions = {region(0, 5, counted(100)), region(1, 1005, counted(100'000, 900'000))};
    messages_ = {message::Begin{"syscall"}, message::Region{0, "_overhead", 10, ""},
                 message::Region{1, "syscall.null", 10, ""}};
  }
  Result<AssembledSamples> assemble(bool exact = true) {
    AssemblyInput input;
    input.messages = &messages_;
    input.counts = exact ? &counts_ : nullptr;
    input.exact = exact;
    input.fidelity = exact ? Fidelity::exact : Fidelity::bounded;
    input.scenarios = {"syscall"};
    return assemble_samples(input);
  }
  void end() { messages_.emplace_back(message::End{"syscall", 0, 0, ""}); }
  GuestCounts counts_;
  std::vector<Message> messages_;
};

TEST_F(AssemblyTest, TheQuietMedianLessWhatMeasuringCosts) {
  end();
  const Sample sample = assemble().value().samples.at(0);
  EXPECT_EQ(sample.value, 1000);
  EXPECT_EQ(sample.overhead, 5);
  EXPECT_EQ(sample.counts->instructions(), 1000);
  EXPECT_FALSE((*sample.counts)[CountClass::msr].has_value());  // not counted is not zero
}

TEST_F(AssemblyTest, AClockThatIdlingDoesNotExplainIsAnError) {
  struct Case {
    double ticks;
    std::int64_t hlt;
    bool good;
  };
  for (const Case& c : {Case{1'000'100, 0, true}, Case{1'010'000, 0, true}, Case{1'500'000, 0, false},
                        Case{42'900'000, 1, true}, Case{500'000, 1, false}, Case{0, 0, false}}) {
    counts_.regions[1].total = counted(100'000, 900'000, c.hlt);
    auto before = messages_;
    messages_.emplace_back(message::Clock{1, c.ticks});
    end();
    const auto assembled = assemble();
    EXPECT_EQ(assembled.ok(), c.good) << c.ticks << " " << c.hlt;
    EXPECT_THAT(assembled.ok() ? "" : assembled.error().what, HasSubstr(c.good ? "" : "guest's clock"));
    messages_ = before;
  }
}

TEST_F(AssemblyTest, ARegionUnderAnotherNameIsAnError) {
  counts_.regions[1].tag = 12345;
  end();
  EXPECT_THAT(assemble().error().what, HasSubstr("marked as another"));
}

TEST_F(AssemblyTest, AMetricReportedTwiceIsAnError) {
  messages_.emplace_back(message::Region{1, "syscall.null", 10, ""});
  end();
  EXPECT_THAT(assemble().error().what, HasSubstr("twice"));
}

TEST_F(AssemblyTest, ExactModeHasNoTimesAndTimedModeNoRegions) {
  message::Sample time;
  time.metric = "syscall.read";
  time.unit = Unit::nanoseconds;
  time.value = 250;
  time.values = {{240, 1}, {260, 2}};
  messages_.emplace_back(time);
  end();
  EXPECT_EQ(assemble()->samples.size(), 1U);
  const AssembledSamples timed = assemble(/*exact=*/false).value();
  ASSERT_EQ(timed.samples.size(), 1U);
  EXPECT_EQ(timed.samples[0].metric, "syscall.read");
  EXPECT_EQ(timed.samples[0].fidelity, Fidelity::bounded);
  EXPECT_EQ(timed.samples[0].maximum, 260);
}

TEST_F(AssemblyTest, ChecksAreYesOrNoAndWhatWasSkippedSaysSo) {
  messages_ = {message::Begin{"checklist"}, message::Check{"checklist.fs_ext4", true, false, "read back"},
               message::Check{"gpu_detected", false, true, "none here"}, message::End{"checklist", 0, 0, ""}};
  AssemblyInput input;
  input.messages = &messages_;
  input.scenarios = {"checklist"};
  const AssembledSamples out = assemble_samples(input).value();
  ASSERT_EQ(out.samples.size(), 2U);
  EXPECT_EQ(out.samples[0].metric, "checklist.fs_ext4");
  EXPECT_EQ(out.samples[0].unit, Unit::yes_no);
  EXPECT_EQ(out.samples[1].metric, "checklist.gpu_detected");
  EXPECT_TRUE(out.samples[1].skipped);
}

TEST_F(AssemblyTest, AnOperationThatThisKernelCannotRunIsANote) {
  messages_.emplace_back(message::Check{"syscall.futex", false, true, "ENOSYS"});
  end();
  const AssembledSamples out = assemble().value();
  EXPECT_EQ(out.samples.size(), 1U);
  EXPECT_THAT(out.notes, ElementsAre(HasSubstr("syscall.futex: not measured: ENOSYS")));
}

TEST_F(AssemblyTest, AProgramThatNeverEndedHasFailed) { EXPECT_THAT(assemble()->failed, ElementsAre("syscall")); }

WatchedAddress at(const char* name, std::uint64_t address, std::int64_t instructions) {
  return {name, address, counted(instructions)};
}

TEST(BootTimeline, PhasesInitcallsAndPointsInOrder) {
  GuestCounts counts;
  counts.watched = {at("image_entry", 0x100000, 50),
                    at("kernel_entry", 0x1000000, 450),
                    at("kernel_entry", 0xff, 470),
                    at("start_kernel", 2, 600),
                    at("b_init", 4, 900),
                    at("a_init", 3, 700),
                    at("free_initmem", 5, 1500),
                    at("stranger", 77, 1)};
  counts.points = {{kPointInit, counted(2000)}, {kPointReady, counted(2500)}};
  const std::vector<BootSymbol> symbols = {{"image_entry", "phase", 0x100000}, {"kernel_entry", "phase", 0x1000000},
                                           {"kernel_entry", "phase", 0xff},    {"start_kernel", "phase", 2},
                                           {"a_init", "initcall", 3},          {"b_init", "initcall", 4},
                                           {"free_initmem", "phase", 5}};
  const auto timeline = boot_timeline(counts, symbols);
  std::vector<std::string> names;
  for (const TimelinePoint& point : timeline) names.push_back(point.name);
  EXPECT_THAT(names, ElementsAre("image_entry", "kernel_entry", "start_kernel", "a_init", "b_init", "free_initmem",
                                 "init", "ready"));
  std::map<std::string, double> values;
  const BootFigures figures = boot_figures(counts, timeline);
  for (const Sample& sample : figures.samples) values[sample.metric] = sample.value;
  EXPECT_EQ(values, (std::map<std::string, double>{{"boot.firmware", 50},
                                                   {"boot.decompression", 400},
                                                   {"boot.kernel_entry", 450},
                                                   {"boot.start_kernel", 600},
                                                   {"boot.initcalls", 800},
                                                   {"boot.to_init", 2000},
                                                   {"boot.to_ready", 2500}}));
  EXPECT_TRUE(figures.notes.empty());
}

TEST(BootTimeline, WhatIsNotKnownIsNamedAndNotGuessed) {
  GuestCounts counts;
  counts.points = {{kPointInit, counted(2000)}};
  const BootFigures figures = boot_figures(counts, boot_timeline(counts, {}));
  EXPECT_EQ(figures.samples.size(), 1U);
  EXPECT_THAT(figures.notes, ElementsAre(HasSubstr("boot.to_ready")));
  EXPECT_EQ(instructions_to_done(counts), 0);
}

}  // namespace
}  // namespace aios
