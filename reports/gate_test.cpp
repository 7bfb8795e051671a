// SPDX-License-Identifier: Apache-2.0
#include "reports/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

GateReport small_report() {
  GateReport report;
  report.first_name = "aios";
  report.second_name = "aios@new";
  report.mode = "exact";
  report.machine = "qemu-exact";
  report.policy = "built-in default";
  report.pairs = 6;
  report.verdict = GateVerdict::fail;
  report.reason = "1 fail, 1 pass";
  report.promise = "this run would have caught one instruction more in 2 of 2 loops";
  GateRow passed;
  passed.figures.metric = "syscall.read";
  passed.figures.unit = Unit::instructions;
  passed.figures.first = passed.figures.second = 547;
  passed.figures.difference = 0;
  passed.margin_value = 0;
  passed.verdict = GateVerdict::pass;
  GateRow failed = passed;
  failed.figures.metric = "syscall.null";
  failed.figures.first = 200;
  failed.figures.second = 203;
  failed.figures.difference = 3;
  failed.verdict = GateVerdict::fail;
  failed.reason = "3 instr more than before";
  failed.catches_percent = 0.5;
  report.rows = {passed, failed};
  return report;
}

TEST(GateTerminal, TheWorstComesFirst) {
  const std::string text = render_gate(small_report(), {.colour = false});
  EXPECT_LT(text.find("syscall.null"), text.find("syscall.read"));
  EXPECT_THAT(text, HasSubstr("+3 instr (+1.50 %)"));
  EXPECT_THAT(text, HasSubstr("nothing"));
  EXPECT_THAT(text, HasSubstr("fail: 1 fail, 1 pass"));
  EXPECT_THAT(text, HasSubstr("this run would have caught"));
}

TEST(GateMarkdown, IsShortWithTheRestInFolds) {
  const std::string text = render_gate_markdown(small_report());
  const std::string in_sight = text.substr(0, text.find("<details>"));
  EXPECT_THAT(in_sight, HasSubstr("`syscall.null`"));
  EXPECT_THAT(in_sight, Not(HasSubstr("syscall.read"))) << "what passed is in the fold";
  EXPECT_THAT(in_sight, HasSubstr("This run would have caught"));
  EXPECT_THAT(text, HasSubstr("`syscall.read`"));
}

TEST(GateMarkdown, TextFromAGuestIsHarmless) {
  GateReport report = small_report();
  report.rows[1].figures.metric = "a`|<img src=x>@everyone";
  report.rows[1].reason = "</details><script>[x](javascript:1) | \x1b[31m";
  const std::string text = render_gate_markdown(report);
  EXPECT_THAT(text, Not(HasSubstr("<img")));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, Not(HasSubstr("@everyone")));
  EXPECT_THAT(text, Not(HasSubstr("[x](")));
  EXPECT_THAT(render_gate(report, {.colour = false}), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace aios
