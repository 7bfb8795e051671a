// SPDX-License-Identifier: Apache-2.0
// A gate from its two names to its verdict: measures what is not stored, judges by the policy, remembers the verdict
// beside the candidate's run. Shows nothing: the command and the Python module do that.
#pragma once

#include <optional>

#include "harness/cli/gate_flags.h"
#include "harness/judge/gate_report.h"

namespace aios {

// Nothing: only the plan was asked for, and has been noted. A candidate that does not build and a lab that does not
// work are reports, too.
Result<std::optional<GateReport>> run_gate(const Context& context, Store& store, const GateFlags& flags);

}  // namespace aios
