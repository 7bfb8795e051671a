// SPDX-License-Identifier: Apache-2.0
// From a request to a stored run: build, plan, execute. What `run` does, and `compare` where a side has not been
// measured.
#pragma once

#include <optional>
#include <string>

#include "harness/cli/context.h"
#include "harness/model/run_record.h"
#include "harness/run/interleave.h"
#include "harness/run/request.h"
#include "harness/store/store.h"

namespace aios {

// `resume`: the ID of a killed run that is to go on. `show_figures`: of each boot when it is over, to the progress.
Result<RunRecord> measure(const Context& context, Store& store, const RunRequest& request,
                          const std::optional<std::string>& resume = std::nullopt, bool show_figures = false);

// The same, and a profile with each exact boot (for `explain`); every figure is the same with and without.
Result<RunRecord> measure_profiled(const Context& context, Store& store, const RunRequest& request);

// Both boot by boot in turn, each stored as a run of its own.
Result<InterleavedRuns> measure_in_turn(const Context& context, Store& store, const RunRequest& first,
                                        const RunRequest& second, const Interleaving& how);

// 0 or the code that the outcome of a run asks for; the reason goes to the progress.
int exit_code_of(const Context& context, const RunRecord& run);

}  // namespace aios
