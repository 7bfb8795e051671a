// SPDX-License-Identifier: Apache-2.0
// The parts of judging one metric for the gate, apart so that each can be read and tested: counts, times, what the
// reference says, what was accepted, what became of the boots.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/judge/gate.h"
#include "harness/judge/metric_pair.h"
#include "harness/judge/shift_memo.h"

namespace aios {

// +1 where more is worse, -1 where less is, 0 where nobody said.
int worse_sign(Direction direction);

// One metric on both sides, with what its rule says.
struct GateMetric {
  MetricPair pair;
  const RunRecord* first = nullptr;
  const RunRecord* second = nullptr;
  const GateRule* rule = nullptr;
  std::vector<PerturbationPair> perturbations;
  std::optional<double> learned_fence;  // as a share
  ShiftMemo* shifts = nullptr;
};

void gate_counts(const GateMetric& metric, GateRow& row);
// `tests`: how many times of the family were tested together; the row's q is in it already.
void gate_times(const GateMetric& metric, const GatePolicy& policy, std::size_t tests, GateRow& row);

// How much worse it is than the reference, and whether that is beyond the budget.
void judge_creep(const RunRecord& reference, const RunRecord& candidate, const GatePolicy& policy,
                 std::vector<GateRow>& rows);
void apply_accepted(const RunRecord& candidate, const std::vector<AcceptedChange>& accepted, const std::string& today,
                    std::vector<GateRow>& rows);

// A row for each scenario that did not go through on a side, and the scenarios that these speak for.
std::map<std::string, GateVerdict> judge_boots(const RunRecord& first, const RunRecord& second,
                                               std::vector<GateRow>& rows);

// "this run would have caught ..."
std::string promise_of(const GateReport& report);

}  // namespace aios
