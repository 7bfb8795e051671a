// SPDX-License-Identifier: Apache-2.0
// A metric is a name with a meaning: the same name on every kernel and machine. A sample is one boot's figure for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/counts.h"
#include "harness/model/unit.h"

namespace aios {

struct Metric {
  std::string name;  // "syscall.null", "ipc.unix_socket.64B.round_trip", "boot.to_init"
  Unit unit = Unit::count;
  Direction direction = Direction::lower_is_better;
  MetricKind kind = MetricKind::exact_count;
  std::string description;  // one sentence: what it measures
  std::string scenario;
};

// Numbers with how often they came in a row: {323,x9000},{420,x1},...
struct RunLength {
  double value = 0;
  std::int64_t times = 1;
  bool operator==(const RunLength&) const = default;
};

// One figure of one boot. The boot is the sample: `value` is its summary (the median iteration with interrupts set
// apart, the measuring's own cost taken off), `values` the distribution inside the boot where there is one.
struct Sample {
  std::string metric;
  std::string scenario;
  Unit unit = Unit::count;  // in timed mode a loop's metric is in nanoseconds, in exact mode in instructions
  Fidelity fidelity = Fidelity::exact;
  int boot = 0;          // which boot of the run, from 0
  int perturbation = 0;  // which of the run's perturbations, from 0 (0: none)
  double value = 0;
  double overhead = 0;  // what measuring itself cost, already taken off
  std::int64_t iterations = 1;
  std::int64_t interrupted_iterations = 0;  // set apart: an interrupt came in between
  std::optional<double> minimum, maximum;
  std::optional<CountVector> counts;  // of the median iteration, overhead taken off
  std::vector<RunLength> values;      // per iteration, in order, bounded
  std::string detail;                 // why a yes/no is no, what was skipped
  bool skipped = false;  // yes/no only: the thing to check is not there ("none present is a skip, not a pass")
};

}  // namespace aios
