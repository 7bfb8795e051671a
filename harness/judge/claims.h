// SPDX-License-Identifier: Apache-2.0
// The ledger judged: each claim against the newest run that can say something on it. No run, no verdict.
//
// Suitable is a run of the claim's kernel as it stands (no modules added, no @REF, no --append, no --sysctl), or of a
// subject that the claim names, that went through, or that failed by the kernel's fault. All targets of a claim are
// judged on one run, never on a mixture. A time bound proven on emulation stands against later, slower runs of the same
// kernel image.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"
#include "harness/model/verdict.h"

namespace aios {

// One row a claim, in the order of the claims. The order of the runs does not matter.
std::vector<ClaimVerdict> judge_claims(const std::vector<Claim>& claims, const std::vector<RunRecord>& runs);

// The array of `aios-bench claims --json`.
std::string claims_to_json(const std::vector<ClaimVerdict>& rows, int indent = -1);

}  // namespace aios
