// SPDX-License-Identifier: Apache-2.0
// What a person says to the gate: two sides, a policy, how much it may cost, and where the verdict goes.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/run_flags.h"
#include "harness/experiment/gate_experiment.h"
#include "harness/store/store.h"

namespace aios {

struct GateFlags {
  std::string first, second;
  RunFlags run;  // of both sides
  SubjectFlags of_baseline, of_candidate;
  std::string policy, accepted, reference, budget, seed;
  std::string markdown, junit;
  std::vector<std::string> markers;      // of image files
  std::vector<std::string> annotations;  // "github", "gitlab:FILE"
  bool json = false, plan_only = false, show_policy = false;
  std::string metric, reason, expires;  // gate accept
};

void add_gate_flags(FlagSet& set, GateFlags& flags);

// A subject to measure, or a stored run: by ID or label (run:X says so), last-good:LABEL, or a JSON file that `run
// --json` or a report wrote.
Result<GateSide> gate_side(const Context& context, Store& store, const std::string& word, const GateFlags& flags,
                           const SubjectFlags& own);
// The same, of what must be stored.
Result<RunRecord> gate_reference(const Context& context, Store& store, const std::string& word);

// Where accepted changes stand: the flag, or what the policy says (beside it), or gate-accepted.toml here.
fs::path accepted_file(const GateFlags& flags, const GatePolicy& policy);

Result<int> accept_change(Context& context, const GateFlags& flags);

// Everything but standard output: Markdown, JUnit, annotations.
Status write_gate_outputs(const Context& context, const GateReport& report, const GateFlags& flags);

}  // namespace aios
