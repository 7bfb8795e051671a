// SPDX-License-Identifier: Apache-2.0
// Boots tiny guests whose every instruction is known, in exact mode with the plugin, and expects exact numbers.
#include <gmock/gmock.h>

#include <sstream>

#include "harness/machine/qemu/plugin/testing/plugin_rig.h"

namespace aios {
namespace {

using testing::ElementsAre;
using testing::Pair;

struct Expected {
  std::uint32_t tag;
  std::int64_t instructions, rep_iterations;
  std::map<CountClass, std::int64_t> heavy;  // all others are 0
  // What the guest's time-stamp counter sees less: an instruction that faults is started twice and ends once; scas that
  // finds what it looks for saves the execution that finds the count at zero.
  std::int64_t unseen_by_guest = 0;
};

const std::vector<Expected>& expected_regions() {
  using C = CountClass;
  static const std::vector<Expected> regions = {
      {0x00, 0, 0, {}},
      {0x01, 100, 0, {}},
      {0x02, 2001, 0, {}},
      {0x10, 3, 4096, {}},
      {0x11, 3, 1024, {}},
      {0x12, 5, 100, {}},
      {0x13, 3, 10, {}},
      {0x14, 3, 0, {}},
      {0x15, 4, 21, {}, 1},
      {0x16, 4, 10, {}},
      {0x17, 4, 30, {}},
      {0x18, 7, 11, {{C::port_io, 11}}},
      {0x19, 161, 120, {}},
      {0x20, 14, 0, {{C::cr3_write, 10}, {C::cr_other, 3}}},
      {0x21, 4, 0, {{C::msr, 3}}},
      {0x22, 5, 0, {{C::locked, 3}}},
      {0x23, 3, 0, {{C::fence, 3}}},
      {0x24, 2, 0, {{C::invlpg, 2}}},
      {0x25, 5, 0, {{C::port_io, 2}}},
      {0x26, 4, 0, {{C::cpuid, 1}, {C::rdtsc, 2}}},
      {0x27, 6, 0, {{C::soft_int, 2}, {C::iret, 2}}},
      {0x28, 2, 0, {{C::fpu_state, 2}}},
      {0x30, 7, 0, {{C::mmio, 3}}},
      {0x31, 9 + 3 * (1 + 7), 0, {{C::cr_other, 3}, {C::iret, 3}}, 3},
      {0x32, 4, 0, {}},
      {0x33, 4 + 1 + 7, 4, {{C::cr_other, 1}, {C::iret, 1}}, 1},
      {0x34, 3, 3, {}},
      {0x40, 1 + 3 * 21, 0, {}},
      {0x41, 25, 0, {}},
      {0x50, 82, 0, {{C::soft_int, 1}, {C::iret, 1}}},
  };
  return regions;
}

TEST_F(PluginBoot, EveryCountIsExact) {
  const Boot run = boot("counted");
  ASSERT_EQ(run.counts.regions.size(), expected_regions().size());
  std::istringstream said(run.said);
  std::int64_t around_nothing = 0;
  for (std::size_t i = 0; i < expected_regions().size(); ++i) {
    const Expected& expected = expected_regions()[i];
    const RegionCounts& region = run.counts.regions[i];
    SCOPED_TRACE(testing::Message() << "region 0x" << std::hex << expected.tag);
    EXPECT_EQ(region.tag, expected.tag);
    EXPECT_TRUE(region.complete);
    for (std::size_t c = 0; c < kCountClasses; ++c) {
      const auto which = static_cast<CountClass>(c);
      if (which == CountClass::interrupts || which == CountClass::exceptions) continue;
      const auto heavy = expected.heavy.find(which);
      const std::int64_t wanted = which == CountClass::instructions     ? expected.instructions
                                  : which == CountClass::rep_iterations ? expected.rep_iterations
                                  : heavy == expected.heavy.end()       ? 0
                                                                        : heavy->second;
      EXPECT_EQ(region.total[which], wanted) << to_string(which);
    }
    std::int64_t guest_ticks = 0;
    ASSERT_TRUE(said >> std::hex >> guest_ticks);
    if (i == 0) around_nothing = guest_ticks;
    EXPECT_EQ(guest_ticks - around_nothing, expected.instructions + expected.rep_iterations - expected.unseen_by_guest)
        << "the guest's own clock disagrees";
  }
  EXPECT_THAT(run.counts.end->mark_errors, ElementsAre());
}

TEST_F(PluginBoot, IterationsAreListedAndTheInterruptedOneSetApart) {
  const Boot run = boot("counted");
  const RegionCounts* region = run.counts.find_region(0x50);
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region->iterations, 6);
  EXPECT_EQ(region->sum.instructions(), 3 + 6 + 9 + 12 + 15 + 3);
  EXPECT_EQ(region->quiet_iterations, 5);
  EXPECT_EQ(region->quiet_median->instructions(), 9);
  ASSERT_EQ(region->runs.size(), 6U);
  EXPECT_TRUE(region->runs[5].interrupted);
}

TEST_F(PluginBoot, TheSameTwiceAndUnseenByTheGuest) {
  const Boot first = boot("counted"), second = boot("counted"), without = boot("counted", std::nullopt);
  EXPECT_EQ(first.counts_text, second.counts_text);
  EXPECT_EQ(first.said, without.said) << "the plugin changed what the guest sees";
  EXPECT_FALSE(first.said.empty());
}

TEST_F(PluginBoot, WatchedAddressesAndPointsMakeATimeline) {
  ASSERT_TRUE(write_file_atomic(at("watch"), "# comment\n0000000000108000 watched\n0x5 never\n").ok());
  const Boot run = boot("counted", ",watch=" + at("watch").string());
  ASSERT_EQ(run.counts.watched.size(), 1U);
  EXPECT_EQ(run.counts.watched[0].name, "watched");
  ASSERT_NE(run.counts.find_point(0x42), nullptr);
  EXPECT_EQ(run.counts.watched[0].at.instructions() - run.counts.find_point(0x42)->at.instructions(), 2)
      << "the mark and the call: the first execution, not the second";
}

TEST_F(PluginBoot, HandlersAddressesTellInterruptsFromExceptions) {
  ASSERT_TRUE(
      write_file_atomic(at("watch"), "108000 @interrupt\n108000 too\n108001 @exception\n108002 @exception\n").ok());
  const Boot run = boot("counted", ",watch=" + at("watch").string());
  EXPECT_EQ(run.counts.end->total[CountClass::interrupts], 2);
  EXPECT_EQ(run.counts.end->total[CountClass::exceptions], 4);
  EXPECT_EQ(run.counts.find_region(0x50)->quiet_rule, "interrupts");
  ASSERT_EQ(run.counts.watched.size(), 1U);
  EXPECT_EQ(run.counts.watched[0].name, "too");
  EXPECT_EQ(run.counts.watched[0].at[CountClass::interrupts], 0);
}

TEST_F(PluginBoot, WhatIsNotCountedIsAbsent) {
  const Boot run = boot("counted", ",mmio=off");
  EXPECT_FALSE(run.counts.find_region(0x30)->total[CountClass::mmio].has_value());
  EXPECT_FALSE(run.counts.end->total[CountClass::interrupts].has_value());
  EXPECT_EQ(run.counts.find_region(0x30)->total.instructions(), 7);
}

TEST_F(PluginBoot, MarksAndSystemCallsCountFromUserMode) {
  const Boot run = boot("user_mode");
  const RegionCounts* region = run.counts.find_region(0x64);
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region->iterations, 10);
  EXPECT_EQ(region->sum.instructions(), 10 * 4) << "mov, syscall, a lea between them, sysret";
  EXPECT_EQ(region->sum[CountClass::syscall], 10);
  EXPECT_EQ(region->sum[CountClass::sysret], 10);
  EXPECT_EQ(region->total.instructions(), 10 * (4 + 2 + 2)) << "with the marks, and the loop's dec and jnz";
}

TEST_F(PluginBoot, HostileMarksAreBoundedAndCounted) {
  const Boot run = boot("hostile");
  EXPECT_EQ(run.said, "e");
  EXPECT_EQ(run.counts.regions.size(), 4096U);
  EXPECT_EQ(run.counts.points.size(), 4096U);
  EXPECT_EQ(run.counts.regions[0].iterations, 1);
  EXPECT_FALSE(run.counts.regions[0].complete);
  EXPECT_EQ(run.counts.regions[1].iterations, 0);
  EXPECT_EQ(run.counts.end->regions, 20002);
  EXPECT_THAT(run.counts.end->mark_errors,
              ElementsAre(Pair("iteration_not_begun", 3), Pair("iteration_not_ended", 2), Pair("iteration_outside", 1),
                          Pair("region_not_begun", 1), Pair("region_not_ended", 1), Pair("too_many_points", 15904),
                          Pair("too_many_regions", 20002 - 4096)));
}

TEST_F(PluginBoot, MoreIterationsThanAreKeptAreStillSummed) {
  const Boot run = boot("many");
  ASSERT_EQ(run.counts.regions.size(), 2U);
  EXPECT_EQ(run.counts.regions[0].iterations, 70000);
  EXPECT_EQ(run.counts.regions[0].sum.instructions(), 70000);
  EXPECT_TRUE(run.counts.regions[0].truncated);
  EXPECT_FALSE(run.counts.regions[1].complete) << "the guest ended inside it";
}

TEST_F(PluginBoot, WrongArgumentsEndQemuWithAReason) {
  const auto refused = [&](const std::string& arguments, const std::string& reason) {
    const Captured ran = qemu("many", arguments);
    EXPECT_NE(ran.exit.code, 33);
    EXPECT_THAT(ran.err, testing::HasSubstr(reason));
  };
  refused(",speed=fast", "unknown argument");
  refused(",watch=" + at("none").string(), "cannot be opened");
  ASSERT_TRUE(write_file_atomic(at("bad"), "12 ok\nzz\n").ok());
  refused(",watch=" + at("bad").string(), ":2: has a line that is not");
  refused(",out=/nonexistent/folder/file", "cannot write");
}

}  // namespace
}  // namespace aios
