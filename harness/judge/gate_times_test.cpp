// SPDX-License-Identifier: Apache-2.0
// The gate's promises on times, held to by simulation over its own functions. Seeded: the same figures everywhere.
// ci/slow/gate-rates runs many more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/judge/testing/gate_fixtures.h"
#include "harness/stats/clopper_pearson.h"

namespace aios {
namespace {

using testing::gate_inputs;
using ::testing::HasSubstr;
using testing::SimulatedGate;

// $AIOS_GATE_SIMULATIONS: the slow tier's number.
int simulations(int here) {
  const char* asked = std::getenv("AIOS_GATE_SIMULATIONS");
  return asked != nullptr && std::atoi(asked) > here ? std::atoi(asked) : here;
}

struct Rates {
  int gates = 0, red = 0, passed = 0;
  int first_red = 0;          // the metric that has the step
  double catches_median = 0;  // what the gates said they would catch, per cent
};

Rates simulate_gates(const SimulatedGate& how, int gates, std::uint64_t seed, const GateInputs& inputs) {
  stats::Random random(seed);
  Rates out;
  std::vector<double> catches;
  for (int i = 0; i < gates; ++i) {
    const auto [before, after] = testing::simulate(how, random);
    const GateReport report = judge_gate(before, after, inputs).value();
    ++out.gates;
    out.red += report.verdict == GateVerdict::fail ? 1 : 0;
    out.passed += report.verdict == GateVerdict::pass ? 1 : 0;
    out.first_red += report.rows.at(0).verdict == GateVerdict::fail ? 1 : 0;
    if (report.rows[0].catches_percent) catches.push_back(*report.rows[0].catches_percent);
  }
  std::sort(catches.begin(), catches.end());
  if (!catches.empty()) out.catches_median = catches[catches.size() / 2];
  return out;
}

TEST(GateTimes, FalseAlarmsStayUnderTheStatedLevel) {
  // No margin: the level alone must hold, over all metrics of a gate together.
  const GateInputs inputs = gate_inputs("[timed]\nmargin_percent = 0\n");
  for (const bool in_turn : {true, false}) {
    SimulatedGate how;
    how.in_turn = in_turn;
    how.drift = in_turn ? 0.03 : 0;
    const int gates = simulations(200);
    const Rates rates = simulate_gates(how, gates, 11, inputs);
    const auto bounds = stats::clopper_pearson(rates.red, gates).value();
    RecordProperty(in_turn ? "red_in_turn" : "red_apart", rates.red);
    EXPECT_LE(bounds.interval.low, inputs.policy.level)
        << rates.red << " of " << gates << " gates of an unchanged kernel are red";
    EXPECT_LE(rates.red, gates * 0.1);
  }
}

TEST(GateTimes, WithTheMarginThereIsHardlyAnAlarm) {
  const Rates rates = simulate_gates({.metrics = 40}, simulations(200), 12, gate_inputs());
  EXPECT_LE(rates.red, rates.gates / 50);
}

TEST(GateTimes, AStepIsFoundAsOftenAsWasPredicted) {
  // So many blocks that the gate itself says it catches 3 % in nine of ten cases.
  SimulatedGate how{.metrics = 10, .blocks = 30, .noise = 0.01, .step = 0.03};
  const int gates = simulations(200);
  const Rates rates = simulate_gates(how, gates, 13, gate_inputs());
  EXPECT_LE(rates.catches_median, 3.0) << "the gate promises to see a step of 3 %";
  RecordProperty("found", rates.first_red);
  EXPECT_GE(rates.first_red, gates * 9 / 10);
  // And at the very step that it names, it is right about how often.
  how.step = rates.catches_median / 100;
  const Rates at_its_word = simulate_gates(how, gates, 14, gate_inputs());
  RecordProperty("found_at_its_word", at_its_word.first_red);
  EXPECT_GE(at_its_word.first_red, gates * 8 / 10) << "a step of " << rates.catches_median << " %";
  EXPECT_LE(at_its_word.first_red, gates * 99 / 100) << "it promises too little";
}

TEST(GateTimes, APassIsEarned) {
  SimulatedGate quiet{.metrics = 5, .blocks = 20, .noise = 0.004};
  EXPECT_GE(simulate_gates(quiet, 60, 15, gate_inputs()).passed, 57);
  SimulatedGate noisy{.metrics = 5, .blocks = 8, .noise = 0.08};
  const Rates rates = simulate_gates(noisy, 60, 16, gate_inputs());
  EXPECT_EQ(rates.passed, 0) << "eight blocks of such noise show nothing";
  EXPECT_LE(rates.red, 2);
}

TEST(GateTimes, WhatWasNotDecidedSaysWhatItWouldTake) {
  stats::Random random(17);
  const auto [before, after] = testing::simulate({.metrics = 1, .blocks = 8, .noise = 0.02}, random);
  const GateReport report = judge_gate(before, after, gate_inputs()).value();
  ASSERT_EQ(report.rows.at(0).verdict, GateVerdict::inconclusive);
  EXPECT_EQ(report.exit_code, 4);
  EXPECT_THAT(report.rows[0].takes, HasSubstr("boots"));
  EXPECT_THAT(report.promise, HasSubstr("in nine of ten cases"));
}

TEST(GateTimes, StrictWantsTheWholeIntervalBeyondTheMargin) {
  const SimulatedGate how{.metrics = 1, .blocks = 14, .noise = 0.01, .step = 0.025};
  const GateInputs strict = gate_inputs("[[rule]]\nmatch = [\"*\"]\nstrict = true\n");
  const int red = simulate_gates(how, 40, 18, gate_inputs()).red;
  EXPECT_GE(red, 25);
  EXPECT_LE(simulate_gates(how, 40, 18, strict).red, red / 2) << "the same forty series";
}

TEST(GateTimes, AMachineThatCannotShowTheMarginDoesNotPromiseIt) {
  stats::Random random(19);
  const auto [before, after] = testing::simulate({.metrics = 1, .blocks = 30, .noise = 0.002}, random);
  GateInputs inputs = gate_inputs("[[rule]]\nmatch = [\"*\"]\nmargin_percent = 1\n");
  EXPECT_EQ(judge_gate(before, after, inputs)->verdict, GateVerdict::pass);
  inputs.fence = [](const std::string&) { return 0.03; };
  const GateReport report = judge_gate(before, after, inputs).value();
  EXPECT_EQ(report.verdict, GateVerdict::inconclusive);
  EXPECT_THAT(report.rows.at(0).reason, HasSubstr("cannot be shown here"));
}

}  // namespace
}  // namespace aios
