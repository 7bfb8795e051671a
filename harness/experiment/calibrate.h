// SPDX-License-Identifier: Apache-2.0
// Null changes on purpose: how far do the figures of this kernel move on this machine when nothing has changed? Exact:
// perturbations, and on request builds that differ in nothing that runs. Timed: A against A. What comes out is the
// fence that judges hold their verdicts to (calibration.h).
#pragma once

#include <string>
#include <vector>

#include "harness/experiment/calibrate_learn.h"
#include "harness/experiment/measurer.h"

namespace aios {

struct NullBuildRequest {
  std::string name;
  fs::path fragment;  // a configuration fragment that changes nothing that runs
};

struct CalibratePlan {
  RunRequest request;  // subject, machine, mode, scenarios
  bool timed = false;
  int nulls = 12;                        // exact: perturbations
  std::vector<NullBuildRequest> builds;  // exact
  int gates = 10, pairs_a_gate = 6;      // timed
  double level = 0.05;

  int boots() const;  // of each scenario
};

// Everything but date, host and file. Null builds that cannot be made are left out and named in `notes`.
struct Calibrated {
  Calibration calibration;
  std::vector<std::string> notes;
};
Result<Calibrated> calibrate(const CalibratePlan& plan, const Measurer& measurer);

// Fragments for null builds of Linux, written below `folder`: another version string; library functions that nothing
// calls, which move everything that is linked behind them.
Result<std::vector<NullBuildRequest>> linux_null_builds(const fs::path& folder);

}  // namespace aios
