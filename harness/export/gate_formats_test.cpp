// SPDX-License-Identifier: Apache-2.0
#include "harness/export/gate_formats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

GateReport gate_of(std::vector<GateVerdict> verdicts) {
  GateReport report;
  report.first_name = "aios";
  report.second_name = report.second_subject = "aios@new";
  report.verdict = GateVerdict::fail;
  report.exit_code = 1;
  report.promise = "this run would have caught something";
  for (const GateVerdict verdict : verdicts) {
    GateRow row;
    row.figures.metric = "metric." + std::to_string(report.rows.size());
    row.figures.scenario = "metric";
    row.figures.first = 200;
    row.figures.second = 203;
    row.verdict = verdict;
    report.rows.push_back(row);
  }
  return report;
}

TEST(GateJunit, OnlyTheKernelIsAFailure) {
  GateReport report = gate_of({GateVerdict::fail, GateVerdict::infrastructure, GateVerdict::inconclusive,
                               GateVerdict::pass, GateVerdict::fail});
  report.rows[4].action = GateAction::warn;
  const std::string text = export_gate_junit(report);
  EXPECT_THAT(text, HasSubstr("tests=\"5\" failures=\"1\" errors=\"1\" skipped=\"1\""));
  EXPECT_THAT(text, HasSubstr("<failure message=\"200 before, 203 now\"/>"));
}

TEST(GateJunit, TextFromAGuestCannotEndItsElement) {
  GateReport report = gate_of({GateVerdict::fail});
  report.rows[0].figures.metric = "x\"/><failure/>\x01";
  report.rows[0].reason = "]]></testcase>&";
  const std::string text = export_gate_junit(report);
  EXPECT_THAT(text, Not(HasSubstr("x\"/>")));
  EXPECT_THAT(text, Not(HasSubstr("]]></testcase>")));
  EXPECT_THAT(text, Not(HasSubstr("\x01")));
}

TEST(GateGithub, AnAnnotationIsOneLineAndNoOther) {
  GateReport report = gate_of({GateVerdict::fail, GateVerdict::inconclusive, GateVerdict::pass});
  report.rows[0].figures.metric = "evil,title=x::\n::set-env name=PATH::/tmp";
  const std::string text = export_gate_github(report);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
  for (std::size_t at = 0; at != std::string::npos && at < text.size(); at = text.find('\n', at) + 1) {
    EXPECT_EQ(text.substr(at, 2), "::");
    EXPECT_NE(text.substr(at, 9), "::set-env");
    if (text.find('\n', at) == std::string::npos) break;
  }
  EXPECT_THAT(text, HasSubstr("::error title=aios-bench gate%3A evil%2Ctitle=x%3A%3A"));
  EXPECT_THAT(text, HasSubstr("::warning title=aios-bench gate%3A metric.1::"));
  EXPECT_THAT(text, Not(HasSubstr("metric.2")));
}

TEST(GateGithub, NoMoreThanAreShown) {
  const std::string text = export_gate_github(gate_of(std::vector<GateVerdict>(50, GateVerdict::fail)));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
}

TEST(GateGitlab, IsACodeQualityReport) {
  const Json json =
      parse_json(export_gate_gitlab(gate_of({GateVerdict::fail, GateVerdict::inconclusive}), "gate.toml"), "q").value();
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json.at(0).at("severity"), "critical");
  EXPECT_EQ(json.at(1).at("severity"), "info");
  EXPECT_EQ(json.at(0).at("location").at("path"), "gate.toml");
  EXPECT_NE(json.at(0).at("fingerprint"), json.at(1).at("fingerprint"));
}

}  // namespace
}  // namespace aios
