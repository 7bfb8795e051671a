// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/machine/host/hardware_counters.h"
#include "harness/machine/host/leftovers.h"
#include "harness/machine/host/processor_time.h"
#include "harness/machine/host/stand_in.h"
#include "harness/machine/host/time_stamp_counter.h"
#include "harness/support/process.h"

namespace aios::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A host as its files describe it.
struct HostFiles {
  HostFiles() {
    put("proc/cpuinfo", "processor\t: 0\nmodel name\t: A Processor @ 2.4GHz\nflags\t\t: fpu tsc hypervisor\n");
    put("proc/loadavg", "0.12 0.20 0.30 1/99 4242\n");
    put("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    put("sys/devices/system/cpu/smt/active", "1\n");
    put("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
    put("sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
    put("sys/devices/system/cpu/vulnerabilities/mds", "Not affected\n");
  }
  void put(const std::string& path, const std::string& text) const {
    EXPECT_TRUE(make_folders((folder.path() / path).parent_path()).ok());
    EXPECT_TRUE(write_file_atomic(folder.path() / path, text).ok());
  }
  ScratchFolder folder = ScratchFolder::create().value();
};

TEST(Conditions, AreWhatTheHostShowsAndWhatItDoesNotShowIsSaid) {
  const HostFiles host;
  const Conditions found = read_conditions(host.folder.path());
  EXPECT_EQ(found.processor_model, "A Processor @ 2.4GHz");
  EXPECT_TRUE(found.virtual_machine);
  EXPECT_EQ(found.mitigations, "meltdown: Mitigation: PTI");
  const auto said = to_map(found);
  EXPECT_EQ(said.at("turbo"), "off");
  EXPECT_EQ(said.at("smt"), "on");
  EXPECT_EQ(said.at("governor"), "not shown by this host");
  EXPECT_EQ(said.at("load"), "0.12");
}

TEST(Conditions, RaiseADoubtWhereFiguresWillVary) {
  Conditions quiet;
  quiet.allowed = {0, 1, 2, 3};
  quiet.clock_source = "tsc";
  quiet.governor = "performance";
  quiet.load = 0.2;
  EXPECT_THAT(doubts(quiet), IsEmpty());
  Conditions loud = quiet;
  loud.load = 6.5;
  loud.governor = "powersave";
  loud.clock_source = "hpet";
  loud.allowed = {0};
  EXPECT_THAT(doubts(loud), ElementsAre(HasSubstr("a load of 6.50"), HasSubstr("one processor"),
                                        HasSubstr("'powersave'"), HasSubstr("'hpet'")));
}

TEST(Processors, AnIsolatedOneOrTheLastThatIsAllowed) {
  EXPECT_EQ(choose_processor({0, 1, 2, 3}, {}), 3);
  EXPECT_EQ(choose_processor({0, 1, 2, 3}, {1, 7}), 1);
  EXPECT_EQ(choose_processor({2}, {5}), 2);
  EXPECT_EQ(choose_processor({}, {}), 0);
}

TEST(Processors, ListsAreReadAndWrittenAsTheKernelDoes) {
  EXPECT_THAT(parse_processors("0-2,8\n"), ElementsAre(0, 1, 2, 8));
  EXPECT_THAT(parse_processors(""), IsEmpty());
  EXPECT_THAT(parse_processors("x,3-,4"), ElementsAre(4));
  EXPECT_EQ(processors_text({0, 1, 2, 8}), "0-2,8");
}

constexpr const char* kStat =
    "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\ncpu1 100 10 50 700 40 5 5 90 0 0\ncpu10 7 7 7 7 7 7 7 7 0 0\n";

TEST(ProcessorTime, IsThatOfTheOneAskedFor) {
  const auto time = processor_time(kStat, 1, 100);
  ASSERT_TRUE(time);
  EXPECT_EQ(time->busy, milliseconds(1700));
  EXPECT_EQ(time->idle, milliseconds(7400));
  EXPECT_EQ(time->stolen, milliseconds(900));
  EXPECT_FALSE(processor_time(kStat, 3, 100));
  EXPECT_FALSE(processor_time("cpu1 1 2 x 4 5 6 7 8\n", 1, 100));
}

TEST(ProcessorTime, WhatOthersAndTheHypervisorTookIsToldApartFromTheProgramsOwn) {
  const ProcessorTime before{seconds(10), seconds(1), seconds(5)};
  const ProcessorTime after{seconds(13), milliseconds(1500), milliseconds(5500)};
  const auto found = disturbance(before, after, seconds(2));
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->others, 0.25);
  EXPECT_DOUBLE_EQ(found->stolen, 0.125);
  EXPECT_DOUBLE_EQ(disturbance(before, after, seconds(9))->others, 0);
  EXPECT_FALSE(disturbance(before, before, Duration{0}));
}

TEST(Leftovers, OnlyNamelessQueuesOfTheseProcesses) {
  const char* table =
      "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      rtime\n"
      "         0          1   600           0          0   500   501  1000  1000  1000  1000          0          0\n"
      "         0          2   600           0          0   700   501  1000  1000  1000  1000          0          0\n"
      "      4711          3   600           0          0   500   501  1000  1000  1000  1000          0          0\n"
      "         0          4   600           0          0     0   500  1000  1000  1000  1000          0          0\n";
  EXPECT_THAT(queues_of(table, {500}), ElementsAre(1, 4));
  EXPECT_THAT(queues_of(table, {0}), IsEmpty());
  EXPECT_THAT(queues_of("rubbish\n0 1\n", {500}), IsEmpty());
}

TEST(LastWords, AreTheLastLineThatIsNoFrameMadeHarmless) {
  EXPECT_EQ(last_words("one\ntwo \x1b[2J\n@AB1 2 00000000 {}\n\n"), "two \\x1b[2J");
  EXPECT_EQ(last_words("\n@AB1 2 00000000 {}"), "");
}

TEST(Counters, AreThereOrSayWhyNot) {
  const HardwareCounters counters = HardwareCounters::for_next_child();
  EXPECT_NE(counters.available(), !counters.why_not().empty());
  EXPECT_EQ(describe({{"cycles", 2000, true}, {"instructions", 3000, true}}),
            "2,000 cycles, 3,000 instructions (1.50 a cycle)");
}

TEST(Counters, CountTheNextChildAndItsChildrenFromItsExecOn) {
  const HardwareCounters counters = HardwareCounters::for_next_child();
  ASSERT_TRUE(run_checked({.argv = {"sh", "-c", "sleep 0.01; sleep 0.01; sleep 0.01"}}).ok());
  const auto counted = counters.read();
  const auto switches =
      std::find_if(counted.begin(), counted.end(), [](const Counted& one) { return one.name == "switches"; });
  if (switches == counted.end()) GTEST_SKIP() << "this kernel lets nobody count";
  EXPECT_GE(switches->value, 3U);
  EXPECT_LT(switches->value, 1000U);
}

TEST(TimeStampCounter, HasAPaceWhereItIsInvariant) {
  const auto pace = calibrate_tsc();
  if (!invariant_tsc()) {
    EXPECT_FALSE(pace);
  } else if (pace) {
    EXPECT_GT(*pace, 1e8);
    EXPECT_LT(*pace, 1e10);
  }
}

}  // namespace
}  // namespace aios::host
