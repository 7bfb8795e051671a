// SPDX-License-Identifier: Apache-2.0
// A claim on a difference ("30 to 50 % lower with the module than without"): the figures of two runs, boot by boot, as
// samples of the metric that the claim's target names.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"
#include "harness/model/verdict.h"

namespace aios {

// A complete or failed run of one of these subjects, with nothing added by --append or --sysctl.
bool is_run_of(const RunRecord& run, const std::vector<std::string>& subjects);

// What `claim.measures` came to in `with`, held against the newest run of `claim.against` in the same mode on the same
// machine: the one that was measured in turn with it, if there is such a one. A sample for each boot that both have (in
// exact mode: each perturbation); none without such a run. `newest_first`: all runs.
std::vector<Sample> measured_difference(const Claim& claim, const std::string& metric, const RunRecord& with,
                                        const std::vector<const RunRecord*>& newest_first);

}  // namespace aios
