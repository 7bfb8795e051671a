// SPDX-License-Identifier: Apache-2.0
// What it takes to hold a candidate to a baseline: how many boots, in which order, within which budget. A side that is
// stored is read; one that is not is measured. Exact: pairs of boots under the same null changes. Timed: blocks of both
// sides in an order drawn from a recorded seed, until the answer is precise enough or the budget ends; what comes out
// is judged once, at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/experiment/boot_cost.h"
#include "harness/experiment/measurer.h"
#include "harness/judge/gate.h"

namespace aios {

struct GateSide {
  std::string word;                   // as it was named
  std::optional<RunRecord> stored;    // or
  std::optional<RunRequest> request;  // to be measured
};

struct GateWishes {
  std::optional<double> budget_seconds;
  std::optional<int> perturb, boots;  // none: the policy's
  std::uint64_t seed = 1;
  std::size_t scenarios = 1;  // how many will be run, where that is known
  bool exact = true;          // what the planner makes of the request; a stored side decides for itself
  int jobs = 1;               // boots side by side in exact mode
  BootCost cost;
};

struct GatePlan {
  bool exact = true;
  bool in_turn = false;
  int pairs = 1;        // of null changes (exact), or blocks at the most (timed)
  int least_pairs = 1;  // blocks before the first look
  int boots = 0;        // that are still to be made, of both sides
  double seconds = 0;   // that they will take
  std::optional<double> budget_seconds;
  std::vector<std::string> lines;  // for people: what, why so many, what it costs
};

struct GateOutcome {
  RunRecord first, second;
  std::vector<std::string> notes;  // what a reader of the verdict must know of how it was come by
};

// How the two sides will be measured. Fills in what the requests leave open: what one side has stored, the other
// follows. A config error where they contradict each other.
Result<GatePlan> plan_gate(GateSide& first, GateSide& second, const GateWishes& wishes, const GatePolicy& policy);

Result<GateOutcome> measure_gate(const GateSide& first, const GateSide& second, const GatePlan& plan,
                                 const GateWishes& wishes, const GatePolicy& policy, const Measurer& measurer);

}  // namespace aios
