// SPDX-License-Identifier: Apache-2.0
// Is the candidate no worse than the baseline? Two stored runs held to a policy. Pure: nothing boots or waits here, so
// that the same verdict can be had again from the same runs years later.
//
// Counts are exact: six pairs of boots under the same null changes, and a fence that says how far null changes move a
// figure by themselves. Times are tested over boots, all of a gate in one family (Benjamini and Hochberg), and must be
// beyond their margin besides; "no worse" is earned by an interval that lies below the margin.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/judge/gate_report.h"
#include "harness/judge/shift_memo.h"
#include "harness/model/run_record.h"

namespace aios {

struct GateInputs {
  GatePolicy policy;
  // What a calibration of this kernel and machine taught: how far null changes move this metric, as a share of it
  // (0.004). Nothing where it was not calibrated.
  std::function<std::optional<double>(const std::string& metric)> fence;
  std::vector<AcceptedChange> accepted;
  std::string today;                     // "2026-11-20"
  const RunRecord* reference = nullptr;  // for creep
  std::shared_ptr<ShiftMemo> shifts = std::make_shared<ShiftMemo>();
};

// The first is the baseline, the second the candidate. A config error where their figures cannot stand side by side.
Result<GateReport> judge_gate(const RunRecord& first, const RunRecord& second, const GateInputs& inputs);

}  // namespace aios
