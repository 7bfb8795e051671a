// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/host_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

void put_host_file(const fs::path& root, const char* name, const char* text) {
  const fs::path file = root / name;
  ASSERT_TRUE(make_folders(file.parent_path()).ok());
  ASSERT_TRUE(write_file_atomic(file, text).ok());
}

TEST(HostAdvice, WhatTheHostShowsIsNamedWithWhatToDo) {
  ScratchFolder scratch = ScratchFolder::create().value();
  const fs::path root = scratch.path();
  for (const char* cpu : {"cpu0", "cpu1", "cpu2", "cpu3", "cpu63"}) {
    put_host_file(root, (std::string("sys/devices/system/cpu/") + cpu + "/cpufreq/scaling_governor").c_str(),
                  "powersave\n");
  }
  put_host_file(root, "sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
  put_host_file(root, "sys/devices/system/cpu/smt/active", "1\n");
  put_host_file(root, "sys/devices/system/cpu/smt/control", "on\n");
  put_host_file(root, "proc/loadavg", "3.00 2.00 1.00 1/100 42\n");
  const host::Conditions conditions = host::read_conditions(root);
  const auto advice = host_advice(conditions);
  EXPECT_THAT(advice, Contains(HasSubstr("no_turbo")));
  EXPECT_THAT(advice, Contains(HasSubstr("smt/control")));
  EXPECT_THAT(advice, Contains(HasSubstr("load of 3.00")));
  EXPECT_THAT(advice, Contains(HasSubstr("isolcpus=")));
}

TEST(HostAdvice, AHostMadeForMeasuringHasNone) {
  host::Conditions conditions;
  conditions.governor = "performance";
  conditions.turbo = conditions.smt = "off";
  conditions.isolated = true;
  conditions.load = 0.01;
  conditions.clock_source = "tsc";
  EXPECT_TRUE(host_advice(conditions).empty());
  conditions.governor = "schedutil";
  EXPECT_THAT(host_advice(conditions), Contains(HasSubstr("governor 'schedutil'")));
}

}  // namespace
}  // namespace aios
