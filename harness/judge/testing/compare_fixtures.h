// SPDX-License-Identifier: Apache-2.0
// Runs of a few figures, for the tests of the comparison.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/judge/compare.h"

namespace aios::testing {

struct Figure {
  const char* metric;
  Unit unit;
  Direction direction = Direction::lower_is_better;
  std::vector<double> values;  // exact: one a perturbation; timed: one a boot
};

inline RunRecord run_of(const std::vector<Figure>& figures, Fidelity fidelity = Fidelity::exact) {
  RunRecord run;
  run.subject = run.kernel = "aios";
  run.mode = fidelity == Fidelity::exact ? "exact" : "timed";
  run.machine = "qemu";
  run.fidelity = fidelity;
  run.outcome = "complete";
  run.inputs = {{"cpu_model", "Nehalem"}, {"kernel", "k1"}};
  run.perturbations = {{.index = 0, .kind = "none"},
                       {.index = 1, .kind = "padding", .description = "one word"},
                       {.index = 2, .kind = "memory", .description = "2 MiB", .memory_mb_added = 2}};
  for (const Figure& figure : figures) {
    const std::string name = figure.metric;
    const std::string scenario = name.substr(0, name.find('.'));
    run.scenarios.push_back(scenario);
    run.metrics.push_back({.name = name, .unit = figure.unit, .direction = figure.direction, .scenario = scenario});
    for (std::size_t i = 0; i < figure.values.size(); ++i) {
      Sample sample;
      sample.metric = name;
      sample.scenario = scenario;
      sample.unit = figure.unit;
      sample.fidelity = fidelity;
      sample.boot = static_cast<int>(i);
      sample.perturbation = fidelity == Fidelity::exact ? static_cast<int>(i) : 0;
      sample.value = figure.values[i];
      run.samples.push_back(sample);
    }
  }
  return run;
}

inline RunRecord null_call(std::vector<double> values) {
  return run_of({{.metric = "syscall.null", .unit = Unit::instructions, .values = std::move(values)}});
}

inline ComparisonRow only_row(const RunRecord& first, const RunRecord& second) {
  const Comparison out = compare_runs(first, second);
  EXPECT_EQ(out.rows.size(), 1U);
  return out.rows.at(0);
}

}  // namespace aios::testing
