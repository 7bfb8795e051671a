// SPDX-License-Identifier: Apache-2.0
// History and null changes through the real program. Boots a prebuilt kernel three times.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/support/files.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

TEST(TrendCommand, AnEmptyStoreSaysHowToMakeARun) {
  const ScratchFolder store = ScratchFolder::create().value();
  const std::map<std::string, std::string> here = {{"AIOS_BENCH_HOME", store.path().string()}};
  const Captured all = bench({"trend"}, here);
  EXPECT_EQ(all.exit.code, 2);
  EXPECT_THAT(all.err, HasSubstr("aios-bench run debian"));
  EXPECT_EQ(bench({"trend", "aios", "--json"}, here).exit.code, 2);
  const Captured never = bench({"calibrate", "aios", "--show"}, here);
  EXPECT_EQ(never.exit.code, 2);
  EXPECT_THAT(never.err, HasSubstr("was never calibrated"));
}

TEST(CalibrateCommand, NullChangesTeachAndAreNoHistory) {
  const Json taught = bench_json({"calibrate", "debian", "--scenario", "syscall", "--nulls", "2", "--json"});
  EXPECT_EQ(taught.value("kernel", ""), "debian");
  EXPECT_EQ(taught.value("machine", ""), "qemu-exact");
  ASSERT_FALSE(taught.at("metrics").empty());
  for (const auto& metric : taught.at("metrics")) {
    EXPECT_EQ(metric.at("nulls"), 2);
    EXPECT_GE(metric.at("fence").get<double>(), 0);
    EXPECT_GT(metric.at("alarm_rate").at("high").get<double>(), 0.5);  // two null changes prove little
  }
  EXPECT_EQ(bench_json({"calibrate", "debian", "--show", "--json"}), taught);
  const std::string run = taught.at("runs").at(0);
  const Json again = bench_json({"calibrate", "debian", "--from", run, "--json"});
  EXPECT_EQ(again.at("metrics"), taught.at("metrics"));

  const Captured trend = bench({"trend", "debian", "--json"});
  EXPECT_THAT(trend.out, ::testing::Not(HasSubstr(run)));
}

}  // namespace
}  // namespace aios
