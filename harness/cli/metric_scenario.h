// SPDX-License-Identifier: Apache-2.0
// Which scenario to run where a person has only said which metric matters.
#pragma once

#include <string>

#include "harness/cli/context.h"
#include "harness/model/kernel.h"
#include "harness/run/request.h"

namespace aios {

// Leaves alone what was chosen by hand, and black boxes, which run none. A config error for a metric that nothing
// measures.
Status choose_scenario_of(const Context& context, const std::string& metric, const Kernel& kernel, RunRequest& run);

}  // namespace aios
