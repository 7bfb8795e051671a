// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/plugin/regions.h"

#include <gtest/gtest.h>

#include "harness/machine/qemu/counts.h"
#include "harness/support/files.h"

namespace aios::count {
namespace {

class RegionsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = ScratchFolder::create("aios-count-test");
    ASSERT_TRUE(folder.ok());
    folder_.emplace(std::move(*folder));
    ASSERT_TRUE(out_.open((folder_->path() / "out").c_str()));
    out_.write_header();
  }

  // Executes n instructions, of which `irets` are iret.
  void execute(std::uint64_t n, std::uint64_t irets = 0) {
    now_[kInstructions] += n;
    now_[kIret] += irets;
  }
  void mark(Regions& regions, MarkKind kind, std::uint8_t id = 0) {
    regions.mark(kind, id, now_);
    execute(1);
  }
  void iteration(Regions& regions, std::uint64_t n, std::uint64_t irets = 0) {
    mark(regions, MarkKind::kIterBegin);
    execute(n, irets);
    mark(regions, MarkKind::kIterEnd);
  }
  GuestCounts written() {
    auto counts = read_counts(folder_->path() / "out");
    EXPECT_TRUE(counts.ok()) << counts.error().describe();
    return counts.ok() ? *counts : GuestCounts{};
  }

  Output out_;
  Vector now_{};
  std::optional<ScratchFolder> folder_;
};

TEST_F(RegionsTest, MarksAreNotPartOfWhatTheyMark) {
  Regions regions(out_, false);
  mark(regions, MarkKind::kRegionBegin);
  iteration(regions, 10);
  execute(5);
  iteration(regions, 12);
  mark(regions, MarkKind::kRegionEnd);
  const RegionCounts region = written().regions.at(0);
  EXPECT_EQ(region.sum.instructions(), 22);
  EXPECT_EQ(region.total.instructions(), 22 + 5 + 4) << "the marks of the iterations are the loop's";
  EXPECT_EQ(region.median->instructions(), 10) << "the lower of the two";
  EXPECT_TRUE(region.complete);
}

TEST_F(RegionsTest, InterruptedIterationsAreSetApart) {
  Regions regions(out_, false);
  mark(regions, MarkKind::kRegionBegin);
  for (int i = 0; i < 5; ++i) iteration(regions, 100, 1);  // each returns from a fault of its own
  iteration(regions, 900, 2);
  iteration(regions, 950, 2);
  mark(regions, MarkKind::kRegionEnd);
  const RegionCounts region = written().regions.at(0);
  EXPECT_EQ(region.quiet_value, 1);
  EXPECT_EQ(region.quiet_iterations, 5);
  EXPECT_EQ(region.interrupted_iterations, 2);
  EXPECT_EQ(region.quiet_sum->instructions(), 500);
  EXPECT_EQ(region.max->instructions(), 950);
  ASSERT_EQ(region.runs.size(), 3U);
  EXPECT_EQ(region.runs[0].count, 5);
  EXPECT_TRUE(region.runs[2].interrupted);
}

TEST_F(RegionsTest, KnownInterruptsNeedNoGuess) {
  Regions regions(out_, true);
  mark(regions, MarkKind::kRegionBegin);
  iteration(regions, 100, 1);
  iteration(regions, 50, 0);  // no fault this time: not an interruption of the other
  mark(regions, MarkKind::kIterBegin);
  execute(700, 1);
  ++now_[kInterrupts];
  mark(regions, MarkKind::kIterEnd);
  mark(regions, MarkKind::kRegionEnd);
  const RegionCounts region = written().regions.at(0);
  EXPECT_EQ(region.quiet_rule, "interrupts");
  EXPECT_EQ(region.quiet_iterations, 2);
}

TEST_F(RegionsTest, ACrashedProgramDoesNotSpoilTheNext) {
  Regions regions(out_, false);
  mark(regions, MarkKind::kRegionBegin);
  mark(regions, MarkKind::kIterBegin);
  execute(7);
  for (const std::uint8_t digit : {0, 0, 0, 0, 0, 0, 1, 2}) mark(regions, MarkKind::kTagDigit, digit);
  mark(regions, MarkKind::kRegionBegin);
  iteration(regions, 3);
  mark(regions, MarkKind::kRegionEnd);
  const GuestCounts counts = written();
  ASSERT_EQ(counts.regions.size(), 2U);
  EXPECT_FALSE(counts.regions[0].complete);
  EXPECT_EQ(counts.regions[0].iterations, 0);
  EXPECT_EQ(counts.regions[1].tag, 0x12U);
  EXPECT_EQ(counts.regions[1].median->instructions(), 3);
  EXPECT_EQ(regions.errors().region_not_ended, 1U);
  EXPECT_EQ(regions.errors().iteration_not_ended, 1U);
}

TEST_F(RegionsTest, TooManyOfAnythingIsBoundedAndCounted) {
  Regions regions(out_, false);
  mark(regions, MarkKind::kRegionBegin);
  for (std::uint64_t i = 0; i < Regions::kMaxKept + 10; ++i) iteration(regions, i % 2);
  mark(regions, MarkKind::kRegionEnd);
  for (std::uint64_t i = 0; i < Regions::kMaxRegions; ++i) {
    mark(regions, MarkKind::kRegionBegin);
    mark(regions, MarkKind::kRegionEnd);
  }
  for (std::uint64_t i = 0; i < Regions::kMaxPoints + 5; ++i) mark(regions, MarkKind::kPoint, 1);
  const GuestCounts counts = written();
  EXPECT_EQ(counts.regions.size(), Regions::kMaxRegions);
  EXPECT_EQ(counts.points.size(), Regions::kMaxPoints);
  EXPECT_TRUE(counts.regions[0].truncated);
  EXPECT_EQ(counts.regions[0].iterations, static_cast<std::int64_t>(Regions::kMaxKept + 10));
  EXPECT_EQ(counts.regions[0].kept, static_cast<std::int64_t>(Regions::kMaxKept));
  EXPECT_TRUE(counts.regions[0].runs.empty()) << "more runs than the bound";
  EXPECT_EQ(regions.errors().too_many_regions, 1U);
  EXPECT_EQ(regions.errors().too_many_points, 5U);
}

}  // namespace
}  // namespace aios::count
