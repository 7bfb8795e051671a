// SPDX-License-Identifier: Apache-2.0
// A gate's policy and the changes it has accepted, as TOML. Every error names file, line, key and what was expected.
// The built-in default is such a text too (gate_policy_default.cpp), so that whoever wants another policy begins with
// a copy of it: aios-bench gate --show-policy > gate.toml
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/gate_policy.h"
#include "harness/support/files.h"

namespace aios {

std::string_view default_gate_policy_text();
// The built-in default where `file` is empty.
Result<GatePolicy> read_gate_policy(const fs::path& file);
Result<GatePolicy> parse_gate_policy(std::string_view text, const fs::path& where);

// No file, no accepted change.
Result<std::vector<AcceptedChange>> read_accepted(const fs::path& file);
// Added at the end; an earlier one of the same metric, kernel and machine is replaced.
Status write_accepted(const fs::path& file, const AcceptedChange& change);

// "2026-11-20", or an error that says so.
Status check_date(std::string_view text);

}  // namespace aios
