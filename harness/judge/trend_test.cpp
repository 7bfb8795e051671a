// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/trend.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/judge/testing/compare_fixtures.h"
#include "harness/stats/random.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using testing::run_of;

RunRecord dated(RunRecord run, int day) {
  run.provenance.run = fmt::format("run-{:03d}", day);
  run.provenance.started = fmt::format("2026-01-01T00:{:02d}:{:02d}Z", day / 60, day % 60);
  return run;
}

std::vector<RunRecord> history_of(const std::vector<double>& values, const char* metric, Unit unit,
                                  Fidelity fidelity = Fidelity::exact) {
  std::vector<RunRecord> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.push_back(
        dated(run_of({{.metric = metric, .unit = unit, .values = {values[i]}}}, fidelity), static_cast<int>(i)));
  }
  return out;
}

TEST(Trend, OneInstructionInALoopIsAChange) {
  auto runs = history_of({323, 323, 323, 324, 324}, "syscall.null", Unit::instructions);
  runs[3].inputs["kernel"] = runs[4].inputs["kernel"] = "k2";
  std::reverse(runs.begin(), runs.end());  // any order
  const Trend trend = judge_trend(runs, {}).value();
  ASSERT_EQ(trend.series.size(), 1U);
  const TrendSeries& series = trend.series[0];
  EXPECT_TRUE(series.exact);
  EXPECT_EQ(series.fence, 0);
  ASSERT_EQ(series.points.size(), 1U);
  const TrendPoint& point = series.points[0];
  EXPECT_EQ(point.index, 3U);
  EXPECT_EQ(point.run, "run-003");
  EXPECT_EQ(point.last_before, "run-002");
  EXPECT_EQ(point.direction, "worse");
  EXPECT_EQ(point.confidence(), 1);
  EXPECT_THAT(point.inputs_changed, ElementsAre("kernel"));
}

TEST(Trend, ABootIsHeldToItsFence) {
  const auto runs = history_of({100e6, 100.4e6, 99.7e6, 100.2e6, 104e6, 104.1e6}, "boot.to_init", Unit::instructions);
  const Trend trend = judge_trend(runs, {}).value();
  EXPECT_EQ(trend.series[0].fence_from, "default");
  ASSERT_EQ(trend.series[0].points.size(), 1U);
  EXPECT_EQ(trend.series[0].points[0].index, 4U);
  TrendOptions taught;
  taught.fence = [](const std::string& kernel, const std::string& machine, const std::string&) {
    EXPECT_EQ(kernel, "aios");
    EXPECT_EQ(machine, "qemu");
    return std::optional(0.1);
  };
  const Trend calm = judge_trend(runs, taught).value();
  EXPECT_EQ(calm.series[0].fence_from, "calibration");
  EXPECT_TRUE(calm.series[0].points.empty());
}

TEST(Trend, ALongHistoryTeachesItsFence) {
  std::vector<double> values(70, 50e6);
  values[60] = values[61] = 50e6 + 1;
  for (std::size_t i = 62; i < values.size(); ++i) values[i] = 50e6 + 1;
  const Trend trend = judge_trend(history_of(values, "boot.to_init", Unit::instructions), {}).value();
  EXPECT_EQ(trend.series[0].fence_from, "history");
  EXPECT_EQ(trend.series[0].fence, 0);
  ASSERT_EQ(trend.series[0].points.size(), 1U);
  EXPECT_EQ(trend.series[0].points[0].index, 60U);
}

TEST(Trend, TimesAreJudgedAgainstTheirNoise) {
  stats::Random random(5);
  std::vector<double> values;
  for (int i = 0; i < 60; ++i) values.push_back(1000 * (1 + 0.01 * random.normal()) * (i >= 40 ? 0.9 : 1));
  const Trend trend = judge_trend(history_of(values, "syscall.null", Unit::nanoseconds, Fidelity::timed), {}).value();
  const TrendSeries& series = trend.series[0];
  EXPECT_FALSE(series.exact);
  EXPECT_NEAR(series.noise, 10, 4);
  ASSERT_EQ(series.points.size(), 1U);
  EXPECT_NEAR(static_cast<double>(series.points[0].index), 40, 1);
  EXPECT_EQ(series.points[0].direction, "better");
  EXPECT_GT(series.points[0].confidence(), 0.99);
}

TEST(Trend, RefsAreOneHistoryAndModulesAnother) {
  auto runs = history_of({10, 10, 10, 12}, "syscall.null", Unit::instructions);
  runs[1].subject = "aios@v1-rc2";
  runs[2].subject = "aios@v2+extra";
  runs[3].subject = "aios@v2";
  const Trend trend = judge_trend(runs, {}).value();
  ASSERT_EQ(trend.series.size(), 2U);
  EXPECT_EQ(trend.series[0].name, "aios");  // the one with a change first
  EXPECT_EQ(trend.series[0].points.at(0).subject, "aios@v2");
  EXPECT_EQ(trend.series[1].name, "aios+extra");
}

TEST(Trend, OnlyWhatWasAskedForAndWhatCompleted) {
  auto runs = history_of({10, 11, 12}, "syscall.null", Unit::instructions);
  runs[1].outcome = "failed";
  const Trend trend = judge_trend(runs, {.metrics = {"syscall.*"}}).value();
  EXPECT_EQ(trend.runs, 2);
  EXPECT_EQ(trend.left_out, 1);
  ASSERT_EQ(trend.series[0].points.size(), 1U);
  EXPECT_EQ(trend.series[0].points[0].run, "run-002");
  EXPECT_TRUE(judge_trend(runs, {.metrics = {"boot.to_init"}}).value().series.empty());
}

TEST(Trend, NullChangesAreNotTheKernel) {
  RunRecord run = run_of({{.metric = "boot.to_init", .unit = Unit::instructions, .values = {100, 500, 900}}});
  const Trend trend = judge_trend({dated(run, 1)}, {}).value();
  EXPECT_THAT(trend.series[0].values, ElementsAre(100));
}

TEST(Trend, AsJson) {
  const Trend trend = judge_trend(history_of({0, 0, 3}, "syscall.null", Unit::instructions), {}).value();
  const Json document = parse_json(trend_to_json(trend), "trend").value();
  const Json& point = document.at("series").at(0).at("points").at(0);
  EXPECT_EQ(point.at("index"), 2);
  EXPECT_TRUE(point.at("magnitude").is_null());
  EXPECT_EQ(document.at("runs"), 3);
}

}  // namespace
}  // namespace aios
