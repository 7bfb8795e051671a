// SPDX-License-Identifier: Apache-2.0
// What runs in which nothing changed teach about each metric. Pure: from stored runs alone.
#pragma once

#include <string>
#include <vector>

#include "harness/experiment/calibration.h"
#include "harness/model/run_record.h"

namespace aios {

// The same source built again so that nothing it does has changed.
struct NullBuild {
  std::string name;  // "another version string"
  RunRecord run;
};

// Exact: `base` was booted as it is and under perturbations, and so were the null builds. A loop must stand still under
// all of them. A boot's fence comes from the builds, each boot against the base's under the same perturbation, as a
// gate pairs them; without builds from the perturbations, which is wider. Alarms are those that the built-in fences
// would have called.
Result<std::vector<MetricCalibration>> learn_from_nulls(const RunRecord& base, const std::vector<NullBuild>& builds);

// Timed: boots of one kernel, taken two by two as A and A, in gates of so many pairs. Alarms are gates whose
// signed-rank test finds a difference at the level. What cannot be paired (zero, missing in some boots) is left out.
Result<std::vector<MetricCalibration>> learn_from_times(const RunRecord& run, int pairs_a_gate, double level);

// "noise 1.8 % -> 0.9 % (median of 12 metrics) since governor: powersave -> performance": what a change of the host's
// settings between two calibrations gained. Empty where nothing can be said.
std::vector<std::string> host_gains(const Calibration& before, const Calibration& now);

}  // namespace aios
