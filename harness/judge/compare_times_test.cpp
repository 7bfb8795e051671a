// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/testing/compare_fixtures.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using testing::null_call;
using testing::only_row;
using testing::run_of;

RunRecord timed(std::vector<double> values, Fidelity fidelity = Fidelity::timed) {
  return run_of({{.metric = "syscall.null", .unit = Unit::nanoseconds, .values = std::move(values)}}, fidelity);
}

TEST(CompareTimes, TimesAreTestedOverBoots) {
  const std::vector<double> base = {100, 101, 99, 100.5, 99.5, 100.2};
  std::vector<double> slow;
  std::vector<double> alike;
  for (const double value : base) {
    slow.push_back(value * 1.1);
    alike.push_back(value * 1.001);
  }
  const ComparisonRow worse = only_row(timed(base), timed(slow));
  EXPECT_EQ(worse.change, Change::worse);
  EXPECT_NEAR(*worse.ratio, 1.1, 0.005);
  EXPECT_LE(*worse.p, 0.05);
  EXPECT_GT(*worse.ratio_low, 1.02);
  EXPECT_GE(*worse.confidence, 0.95);
  const ComparisonRow same = only_row(timed(base), timed(alike));
  EXPECT_EQ(same.change, Change::same) << same.reason;
  EXPECT_EQ(only_row(timed(slow), timed(base)).change, Change::better);
}

TEST(CompareTimes, TooFewBootsSayHowManyItTakes) {
  const ComparisonRow row = only_row(timed({100, 101, 102}), timed({200, 201, 202}));
  EXPECT_EQ(row.change, Change::inconclusive);
  EXPECT_THAT(row.reason, HasSubstr("4 a side can"));
}

TEST(CompareTimes, NoisyTimesAreNoPass) {
  const ComparisonRow row = only_row(timed({100, 150, 90, 120, 80, 110}), timed({105, 140, 95, 125, 85, 115}));
  EXPECT_EQ(row.change, Change::inconclusive);
  EXPECT_THAT(row.reason, HasSubstr("would fit"));
}

TEST(CompareTimes, TimeOnEmulationIsNotCompared) {
  const Comparison out = compare_runs(timed({100}, Fidelity::bounded), timed({300}, Fidelity::bounded));
  EXPECT_EQ(out.rows[0].change, Change::not_compared);
  EXPECT_EQ(out.exit_code, 4);
}

TEST(CompareTimes, UnitsAreNeverMixed) {
  RunRecord first = null_call({202});
  RunRecord second = timed({202});
  EXPECT_EQ(compare_runs(first, second).exit_code, 2) << "exact against timed";
  second.mode = first.mode;
  const ComparisonRow row = only_row(first, second);
  EXPECT_EQ(row.change, Change::not_compared);
  EXPECT_THAT(row.reason, HasSubstr("in instructions on the first side"));
}

}  // namespace
}  // namespace aios
