// SPDX-License-Identifier: Apache-2.0
// The history of a kernel: each metric as a series over runs, with the points where its level changed, the first run of
// the new level, and what else changed with it. Reports, never blocks: the gate compares two sides made for it.
//
// One series is one kernel (any @REF), variant, modules, command line, machine and mode. What is counted exactly has no
// noise and is judged by steps beyond its fence; what is timed by the change-point detector, the boot's median of each
// run being one value.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

struct TrendPoint {
  std::size_t index = 0;  // of the first run of the new level, in the series
  std::string run, subject, label, started;
  std::string last_before;  // the last run of the old level
  double before = 0, after = 0;
  double p = 0;                             // 0: exact
  std::string direction;                    // "worse", "better", or "changed" where neither is said
  std::vector<std::string> inputs_changed;  // between those two runs: "kernel", "config", "toolchain", ...
  double confidence() const { return 1 - p; }
};

struct TrendSeries {
  std::string name;  // "aios+ai_scheduler --append quiet"
  std::string machine, mode, metric, scenario;
  Unit unit = Unit::count;
  Fidelity fidelity = Fidelity::exact;
  std::vector<std::string> runs;  // oldest first
  std::vector<double> values;
  bool exact = false;           // judged without noise
  std::optional<double> fence;  // exact: the share up to which a change is none
  std::string fence_from;       // "steady loop", "calibration", "history", "default"
  double noise = 0;             // not exact: standard deviation
  std::vector<TrendPoint> points;
  std::vector<std::string> warnings;
};

struct Trend {
  std::vector<TrendSeries> series;  // those with points first
  int runs = 0;                     // that count
  int left_out = 0;                 // failed, interrupted
};

struct TrendOptions {
  std::vector<std::string> metrics;  // names, or the beginning of names with a '*'; none: all
  double level = 0.01;
  // What a calibration taught for this kernel on this machine, as a share.
  std::function<std::optional<double>(const std::string& kernel, const std::string& machine, const std::string& metric)>
      fence;
};

// `runs` in any order.
Result<Trend> judge_trend(const std::vector<RunRecord>& runs, const TrendOptions& options);
std::string trend_to_json(const Trend& trend, int indent = -1);

}  // namespace aios
