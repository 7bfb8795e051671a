// SPDX-License-Identifier: Apache-2.0
// Gates of a few figures, and series of boots with noise and drift as a host makes them.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "harness/judge/gate.h"
#include "harness/judge/testing/compare_fixtures.h"
#include "harness/manifest/gate_policy_manifest.h"
#include "harness/stats/random.h"

namespace aios::testing {

inline GateInputs gate_inputs(const std::string& more = "") {
  GateInputs inputs;
  inputs.policy = parse_gate_policy("schema = 1\n" + more, "test.toml").value();
  inputs.today = "2026-01-01";
  return inputs;
}

inline RunRecord loop_of(std::vector<double> values) { return null_call(std::move(values)); }

inline RunRecord boot_of(std::vector<double> values) {
  return run_of({{.metric = "boot.to_init", .unit = Unit::instructions, .values = std::move(values)}});
}

inline GateRow gate_row(const RunRecord& first, const RunRecord& second, const GateInputs& inputs = gate_inputs()) {
  const auto report = judge_gate(first, second, inputs);
  if (!report.ok() || report->rows.size() != 1) {
    ADD_FAILURE() << (report.ok() ? "not one row" : report.error().describe());
    return {};
  }
  return report->rows[0];
}

struct SimulatedGate {
  int metrics = 20;
  int blocks = 12;
  double noise = 0.02;  // of a boot, relative
  double drift = 0.03;  // of the host, from the first block to the last: the same for both sides of a block
  double step = 0;      // of the first metric on the second side
  bool in_turn = true;
};

// Both sides of a timed gate, log-normal around 1,000 ns.
inline std::pair<RunRecord, RunRecord> simulate(const SimulatedGate& how, stats::Random& random) {
  std::vector<std::vector<double>> first(static_cast<std::size_t>(how.metrics));
  std::vector<std::vector<double>> second(static_cast<std::size_t>(how.metrics));
  std::vector<std::string> names;
  for (std::size_t m = 0; m < first.size(); ++m) {
    names.push_back("metric" + std::to_string(m) + ".time");
    for (int block = 0; block < how.blocks; ++block) {
      const double host = how.drift * block / how.blocks;
      const double step = m == 0 ? std::log1p(how.step) : 0;
      first[m].push_back(1000 * std::exp(host + how.noise * random.normal()));
      second[m].push_back(1000 * std::exp(host + step + how.noise * random.normal()));
    }
  }
  std::vector<Figure> before;
  std::vector<Figure> after;
  for (std::size_t m = 0; m < first.size(); ++m) {
    before.push_back({.metric = names[m].c_str(), .unit = Unit::nanoseconds, .values = first[m]});
    after.push_back({.metric = names[m].c_str(), .unit = Unit::nanoseconds, .values = second[m]});
  }
  RunRecord a = run_of(before, Fidelity::timed);
  RunRecord b = run_of(after, Fidelity::timed);
  a.provenance.run = "run-a";
  b.provenance.run = "run-b";
  if (how.in_turn) {
    a.provenance.extra["interleaved_with"] = "run-b";
    b.provenance.extra["interleaved_with"] = "run-a";
  }
  return {std::move(a), std::move(b)};
}

}  // namespace aios::testing
