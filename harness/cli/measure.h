// SPDX-License-Identifier: Apache-2.0
// From a request to a stored run: build, plan, execute. What `run` does, and `compare` where a side has not been
// measured.
#pragma once

#include <optional>
#include <string>

#include "harness/cli/context.h"
#include "harness/model/run_record.h"
#include "harness/run/request.h"
#include "harness/store/store.h"

namespace aios {

// `resume`: the ID of a killed run that is to go on.
Result<RunRecord> measure(const Context& context, Store& store, const RunRequest& request,
                          const std::optional<std::string>& resume = std::nullopt);

// 0 or the code that the outcome of a run asks for; the reason goes to the progress.
int exit_code_of(const Context& context, const RunRecord& run);

}  // namespace aios
