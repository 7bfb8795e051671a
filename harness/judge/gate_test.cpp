// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/testing/gate_fixtures.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using testing::boot_of;
using testing::gate_inputs;
using testing::gate_row;
using ::testing::HasSubstr;
using testing::loop_of;
using testing::run_of;

TEST(GateCounts, OneInstructionMoreInALoopIsWorse) {
  const GateReport report = judge_gate(loop_of({202, 202, 202}), loop_of({203, 203, 203}), gate_inputs()).value();
  EXPECT_EQ(report.verdict, GateVerdict::fail);
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_EQ(report.rows.at(0).margin_value, 0);
  EXPECT_THAT(report.promise, HasSubstr("one instruction more in 1 of 1 loops"));
  EXPECT_EQ(gate_row(loop_of({203, 203, 203}), loop_of({202, 202, 202})).verdict, GateVerdict::pass);
  EXPECT_EQ(gate_row(loop_of({202, 202, 202}), loop_of({202, 202, 202})).verdict, GateVerdict::pass);
}

TEST(GateCounts, WhatNullChangesMoveByThemselvesIsNoRegression) {
  // The loop itself takes 200 to 240, whatever was changed.
  const GateRow row = gate_row(loop_of({200, 240, 210}), loop_of({205, 245, 215}));
  EXPECT_EQ(row.verdict, GateVerdict::pass) << row.reason;
  EXPECT_DOUBLE_EQ(*row.margin_value, 60) << "half as much again as was seen";
  EXPECT_NEAR(*row.catches_percent, 30.5, 0.01) << "it says how little it could have seen";
  EXPECT_EQ(gate_row(loop_of({200, 240, 210}), loop_of({270, 310, 280})).verdict, GateVerdict::fail);
}

TEST(GateCounts, PairsThatPointBothWaysDecideNothing) {
  const GateRow row = gate_row(loop_of({200, 200, 200}), loop_of({199, 203, 202}));
  EXPECT_NE(row.verdict, GateVerdict::fail);
}

TEST(GateCounts, ABootIsHeldToItsFence) {
  const RunRecord before = boot_of({100e6, 100.15e6, 101.6e6});
  EXPECT_EQ(gate_row(before, boot_of({100.15e6, 100.3e6, 101.7e6})).verdict, GateVerdict::pass);
  const GateRow worse = gate_row(before, boot_of({103e6, 103.15e6, 104.6e6}));
  EXPECT_EQ(worse.verdict, GateVerdict::fail) << worse.reason;
  EXPECT_NEAR(*worse.fence_percent, 2, 1e-9);
  GateInputs calibrated = gate_inputs();
  calibrated.fence = [](const std::string&) { return 0.003; };
  EXPECT_EQ(gate_row(before, boot_of({100.9e6, 101.05e6, 102.5e6}), calibrated).verdict, GateVerdict::fail)
      << "a fence that was learned sees more";
}

TEST(GateCounts, ABootFollowsMoreMemoryAndIsNotJudgedByIt) {
  const auto six = [](std::vector<double> values) {
    RunRecord run = boot_of(std::move(values));
    for (int i = 3; i < 6; ++i) {
      run.perturbations.push_back({.index = i, .kind = "padding", .description = std::to_string(i) + " words"});
    }
    run.perturbations[4].memory_mb_added = 4;
    return run;
  };
  const RunRecord before = six({100e6, 100e6, 101e6, 100e6, 101e6, 100e6});
  const GateRow row = gate_row(before, six({100e6, 100e6, 101e6, 100e6, 104.9e6, 100e6}));
  EXPECT_EQ(row.verdict, GateVerdict::pass) << row.reason;
  EXPECT_EQ(gate_row(before, six({103e6, 103e6, 104e6, 103e6, 104.9e6, 103e6})).verdict, GateVerdict::fail);
}

TEST(GateCounts, AMarginBelowTheFenceIsNotPromised) {
  GateInputs inputs = gate_inputs("[[rule]]\nmatch = [\"boot.*\"]\nmargin_percent = 0.5\n");
  const RunRecord before = boot_of({100e6, 100.15e6, 101.6e6});
  const GateRow row = gate_row(before, boot_of({100.2e6, 100.35e6, 101.8e6}), inputs);
  EXPECT_EQ(row.verdict, GateVerdict::inconclusive);
  EXPECT_THAT(row.reason, HasSubstr("cannot be shown here"));
  EXPECT_THAT(row.takes, HasSubstr("calibration"));
}

TEST(GateCounts, HeavyClassesAgainstTheTrendNeedARealProcessor) {
  const auto with_cr3 = [](double instructions, std::int64_t cr3) {
    RunRecord run = loop_of({instructions});
    CountVector counts;
    counts[CountClass::instructions] = static_cast<std::int64_t>(instructions);
    counts[CountClass::cr3_write] = cr3;
    run.samples[0].counts = counts;
    return run;
  };
  const GateRow fewer = gate_row(with_cr3(202, 0), with_cr3(190, 1));
  EXPECT_EQ(fewer.verdict, GateVerdict::inconclusive);
  EXPECT_THAT(fewer.reason, HasSubstr("needs timed"));
  EXPECT_EQ(gate_row(with_cr3(202, 0), with_cr3(210, 1)).verdict, GateVerdict::fail) << "both say worse";
  GateInputs generous = gate_inputs("[[rule]]\nmatch = [\"*\"]\nmargin_percent = 10\n");
  EXPECT_EQ(gate_row(with_cr3(202, 0), with_cr3(210, 0), generous).verdict, GateVerdict::pass);
  EXPECT_EQ(gate_row(with_cr3(202, 0), with_cr3(210, 1), generous).verdict, GateVerdict::inconclusive)
      << "within the margin by instructions, but one of them is dear";
}

TEST(GateBoots, OnlyTheKernelTurnsItRed) {
  const RunRecord good = loop_of({202});
  const auto broken = [&](const char* kind, const char* outcome) {
    RunRecord run = good;
    run.samples.clear();
    run.outcome = outcome;
    run.boots = {{.index = 0,
                  .scenario = "syscall",
                  .end_state = "panic",
                  .ok = false,
                  .error_kind = kind,
                  .error = "it ended"}};
    return run;
  };
  const GateReport kernel = judge_gate(good, broken("kernel_fault", "failed"), gate_inputs()).value();
  EXPECT_EQ(kernel.verdict, GateVerdict::fail);
  EXPECT_EQ(kernel.rows.at(0).figures.metric, "runs.syscall");
  const GateReport lab = judge_gate(good, broken("infra_fault", "infra"), gate_inputs()).value();
  EXPECT_EQ(lab.verdict, GateVerdict::infrastructure);
  EXPECT_EQ(lab.exit_code, 3);
  const GateReport baseline = judge_gate(broken("kernel_fault", "failed"), good, gate_inputs()).value();
  EXPECT_EQ(baseline.verdict, GateVerdict::inconclusive) << "nothing to hold it against";
  EXPECT_EQ(baseline.exit_code, 4);
}

TEST(GatePolicyApplied, WhatOnlyWarnsDoesNotBlock) {
  GateInputs inputs = gate_inputs("[[rule]]\nmatch = [\"syscall.*\"]\naction = \"warn\"\n");
  const auto two = [](double null, double read) {
    return run_of({{.metric = "syscall.null", .unit = Unit::instructions, .values = {null}},
                   {.metric = "ipc.pipe", .unit = Unit::instructions, .values = {read}}});
  };
  const GateReport warned = judge_gate(two(202, 90), two(210, 90), inputs).value();
  EXPECT_EQ(warned.verdict, GateVerdict::pass);
  EXPECT_THAT(warned.reason, HasSubstr("only warn"));
  EXPECT_EQ(judge_gate(two(202, 90), two(202, 91), inputs)->verdict, GateVerdict::fail);
}

TEST(GatePolicyApplied, AFigureThatWentMissingIsNoPass) {
  RunRecord silent = loop_of({202});
  silent.samples.clear();
  const GateReport report = judge_gate(loop_of({202}), silent, gate_inputs()).value();
  EXPECT_EQ(report.verdict, GateVerdict::inconclusive);
}

TEST(GatePolicyApplied, SidesThatCannotBeComparedAreRefused) {
  RunRecord other = loop_of({202});
  other.inputs["cpu_model"] = "Haswell";
  const auto report = judge_gate(loop_of({202}), other, gate_inputs());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().kind, ErrorKind::config);
}

TEST(GateExceptions, SmallStepsAddUp) {
  GateInputs inputs = gate_inputs("[creep]\nbudget_percent = 3\n[[rule]]\nmatch = [\"*\"]\nmargin_percent = 2\n");
  const RunRecord reference = loop_of({200});
  inputs.reference = &reference;
  const GateRow within = gate_row(loop_of({203}), loop_of({205}), inputs);
  EXPECT_EQ(within.verdict, GateVerdict::pass);
  EXPECT_NEAR(within.creep->worse_percent, 2.5, 1e-9);
  const GateRow beyond = gate_row(loop_of({205}), loop_of({207}), inputs);
  EXPECT_EQ(beyond.verdict, GateVerdict::fail) << "1 % since the last run, 3.5 % since the reference";
  EXPECT_THAT(beyond.reason, HasSubstr("add up"));
}

TEST(GateExceptions, AnAcceptedChangePassesUpToItsLevelUntilItsDay) {
  GateInputs inputs = gate_inputs();
  inputs.today = "2026-11-20";
  inputs.accepted = {{.metric = "syscall.null",
                      .kernel = "aios",
                      .machine = "qemu",
                      .value = 205,
                      .unit = Unit::instructions,
                      .reason = "a check",
                      .expires = "2026-12-01"}};
  const GateRow accepted = gate_row(loop_of({202}), loop_of({205}), inputs);
  EXPECT_EQ(accepted.verdict, GateVerdict::pass);
  EXPECT_THAT(accepted.accepted, HasSubstr("a check"));
  const GateRow beyond = gate_row(loop_of({202}), loop_of({206}), inputs);
  EXPECT_EQ(beyond.verdict, GateVerdict::fail);
  EXPECT_THAT(beyond.reason, HasSubstr("accepted is only 205"));
  inputs.today = "2026-12-02";
  const GateRow expired = gate_row(loop_of({202}), loop_of({205}), inputs);
  EXPECT_EQ(expired.verdict, GateVerdict::fail);
  EXPECT_THAT(expired.reason, HasSubstr("until 2026-12-01"));
}

TEST(GateReport, AsJson) {
  const GateReport report = judge_gate(loop_of({202, 202}), loop_of({203, 203}), gate_inputs()).value();
  const Json json = parse_json(gate_to_json(report), "gate").value();
  EXPECT_EQ(json.at("verdict"), "fail");
  EXPECT_EQ(json.at("exit_code"), 1);
  EXPECT_EQ(json.at("rows").at(0).at("metric"), "syscall.null");
  EXPECT_EQ(json.at("rows").at(0).at("margin_value"), 0);
  EXPECT_TRUE(json.at("rows").at(0).at("q").is_null());
}

}  // namespace
}  // namespace aios
