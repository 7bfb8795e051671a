// SPDX-License-Identifier: Apache-2.0
#include "reports/html/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/support/json.h"
#include "reports/html/spread.h"
#include "reports/testing/page_report.h"

namespace aios {
namespace {

using ::testing::ElementsAre;

TEST(Spread, QuantilesAreThoseOfAllIterations) {
  const auto found = iteration_quantiles({.values = {{3, 1}, {1, 2}, {2, 1}, {10, 1}}});  // 1 1 2 3 10
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, ElementsAre(1, 1, 2, 3, ::testing::DoubleEq(9.72)));
  EXPECT_FALSE(iteration_quantiles({.values = {{3, 1}}}));
  EXPECT_FALSE(iteration_quantiles({.values = {{3, 1LL << 62}, {4, 1LL << 62}}}));
  EXPECT_FALSE(iteration_quantiles({.values = {{HUGE_VAL, 7}, {std::nan(""), 2}}}));
}

TEST(Spread, FewValuesAreShownOneByOne) {
  const Sample first{.values = {{182, 640}, {184, 2}, {182, 1}}};
  const Sample second{.values = {{184, 5}}};
  const auto found = iteration_spread({&first, nullptr, &second});
  ASSERT_TRUE(found);
  EXPECT_THAT(found->values, ElementsAre(182, 184));
  EXPECT_THAT(found->counts, ElementsAre(ElementsAre(641, 2), ElementsAre(0, 0), ElementsAre(0, 5)));
  EXPECT_FALSE(iteration_spread({&second}));
}

TEST(Spread, ManyValuesShareBins) {
  Sample sample;
  for (int i = 0; i <= 400; ++i) sample.values.push_back({100.0 + i, 1});
  const auto found = iteration_spread({&sample});
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->values.empty());
  EXPECT_EQ(found->low, 100);
  EXPECT_EQ(found->step, 10);
  EXPECT_EQ(found->counts[0].size(), 40U);
  EXPECT_EQ(found->counts[0].front(), 10);
  EXPECT_EQ(found->counts[0].back(), 11);  // the last value too
}

TEST(Figures, SayWhatTheReportsOwnDataDoesNot) {
  const ReportModel report = testing::full_report();
  const auto figures = parse_json(figures_json(report), "figures");
  ASSERT_TRUE(figures.ok()) << figures.error().describe();
  ASSERT_EQ((*figures)["boxes"].size(), 2U);
  EXPECT_EQ((*figures)["boxes"][0].size(), report.runs[0].samples.size());
  EXPECT_EQ((*figures)["ratios"].size(), report.comparison->rows.size());
  EXPECT_EQ((*figures)["spreads"]["syscall.null"]["counts"].size(), 2U);
  EXPECT_EQ((*figures)["boot"].size(), 2U);
  EXPECT_EQ((*figures)["boot"][0]["phases"][0].size(), 2U);
  const Json& history = (*figures)["history"];
  EXPECT_EQ(history["runs"].size(), 12U);
  EXPECT_EQ(history["series"][0]["at"].size(), history["series"][0]["values"].size());
  EXPECT_GE(history["series"][0]["points"].size(), 1U);
}

TEST(Figures, OfAnEnemyAreStillJson) {
  EXPECT_TRUE(parse_json(figures_json(testing::full_hostile_report()), "figures").ok());
  EXPECT_TRUE(parse_json(figures_json({}), "figures").ok());
}

// The interval is the judge's: of the ratio where it gave one, else from the range of the difference.
TEST(Figures, RatiosCarryTheJudgesInterval) {
  ReportModel report;
  report.comparison = Comparison();
  report.comparison->rows = {
      {.metric = "timed", .first = 100, .second = 110, .ratio = 1.1, .ratio_low = 1.05, .ratio_high = 1.2},
      {.metric = "exact", .first = 200, .ratio = 0.9, .difference_low = -30, .difference_high = -10, .pairs = 3},
      {.metric = "one", .first = 200, .ratio = 0.5, .difference_low = -100, .difference_high = -100, .pairs = 1},
      {.metric = "none"}};
  const auto figures = parse_json(figures_json(report), "figures");
  EXPECT_EQ((*figures)["ratios"].dump(), "[[1.1,1.05,1.2],[0.9,0.85,0.95],[0.5],0]");
}

}  // namespace
}  // namespace aios
