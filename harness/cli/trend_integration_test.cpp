// SPDX-License-Identifier: Apache-2.0
// History and null changes through the real program: a kernel built in a second at several commits, and a prebuilt one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/tiny_history.h"
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

TEST(TrendCommand, NamesTheFirstRunOfTheNewLevel) {
  TinyHistory tiny;
  std::vector<std::string> runs;
  for (const int instructions : {20, 20, 27, 27}) {
    tiny.write_part("second", instructions);
    const std::string subject = "tiny@" + tiny.commit("a commit").substr(0, 10);
    const Json run = bench_json({"run", subject, "--scenario", "syscall", "--json"}, 0, tiny.environment());
    runs.push_back(run.at("provenance").value("run", ""));
  }
  const Json trend = bench_json({"trend", "tiny", "--metric", "syscall.null", "--json"}, 0, tiny.environment());
  ASSERT_EQ(trend.at("series").size(), 1U);
  const Json& series = trend.at("series")[0];
  EXPECT_EQ(series.at("series"), "tiny");
  EXPECT_EQ(series.at("runs"), runs);
  ASSERT_EQ(series.at("points").size(), 1U) << series;
  const Json& point = series.at("points")[0];
  EXPECT_EQ(point.at("index"), 2);
  EXPECT_EQ(point.at("run"), runs[2]);
  EXPECT_EQ(point.at("last_before"), runs[1]);
  EXPECT_EQ(point.at("after").get<double>() - point.at("before").get<double>(), 7);
  EXPECT_EQ(point.at("direction"), "worse");
  EXPECT_EQ(point.at("confidence"), 1);
  EXPECT_THAT(point.at("inputs_changed").dump(), HasSubstr("kernel"));
  EXPECT_THAT(bench({"trend", "tiny"}, tiny.environment()).out, HasSubstr(runs[2]));
}

// A kernel without kconfig cannot be built again with another fragment: that is said, and the rest still teaches.
TEST(CalibrateCommand, NullBuildsThatCannotBeMadeAreNamed) {
  TinyHistory tiny;
  const Captured got =
      bench({"calibrate", "tiny", "--scenario", "syscall", "--nulls", "1", "--builds"}, tiny.environment());
  EXPECT_EQ(got.exit.code, 0) << got.err;
  EXPECT_THAT(got.err, HasSubstr("another version string: left out"));
  EXPECT_THAT(got.out, HasSubstr("syscall.null"));
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
