// SPDX-License-Identifier: Apache-2.0
// Results as text: what a command prints for a person. Colour and Unicode are the caller's choice; text from a guest
// comes out harmless.
#pragma once

#include <string>
#include <vector>

#include "harness/build/config_audit.h"
#include "harness/judge/comparison.h"
#include "harness/model/run_record.h"
#include "harness/model/verdict.h"
#include "reports/text_table.h"

namespace aios {

std::string render_run(const RunRecord& run, const TextStyle& style);
std::string render_comparison(const Comparison& comparison, const TextStyle& style);
std::string render_claims(const std::vector<ClaimVerdict>& claims, const TextStyle& style);
// All rows, or only those that are not as asked.
std::string render_audit(const ConfigAudit& audit, const TextStyle& style, bool all = false);

}  // namespace aios
