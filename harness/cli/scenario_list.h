// SPDX-License-Identifier: Apache-2.0
// The scenarios that can be run here: some have a program that is not part of a plain build, because what it links
// takes minutes. Asked for by name such a scenario is refused, with what builds it; asked for as `all` it is left out
// and said so.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/model/scenario.h"
#include "harness/support/result.h"

namespace aios {

// `asked`: what --scenario says. `say`: whether what is left out is worth a note.
Result<std::vector<Scenario>> scenario_list(const Context& context, const std::vector<std::string>& asked, bool say);

}  // namespace aios
