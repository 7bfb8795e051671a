// SPDX-License-Identifier: Apache-2.0
// What the charts of the page show beyond the report's own JSON: quartiles of the iterations of each boot, how often
// each value came, ratios with their interval, the stretches of the boot, the history. Made here by the judge's and the
// stats room's functions, so that the page's script only draws.
#pragma once

#include <string>

#include "reports/report_model.h"

namespace aios {

// One JSON object, ASCII only:
//   boxes    a list a run, an entry a sample in the run's order: [1 %, 25 %, 50 %, 75 %, 99 %] of its iterations, or 0
//   spreads  metric -> {unit, values, counts: a list a run} or, of many values, {unit, low, step, counts}
//   ratios   an entry a row of the comparison: [ratio, low, high], [ratio] or 0
//   boot     [{run, boot, total, phases: [[name, instructions]], initcalls: [[name, instructions]]}]
//   history  {runs: [id], series: [{metric, unit, at: [index into runs], values, points: [{at, before, after, ...}]}]}
std::string figures_json(const ReportModel& report);

}  // namespace aios
