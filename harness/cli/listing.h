// SPDX-License-Identifier: Apache-2.0
// What there is to choose from: kernels, scenarios, machines, metrics.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/support/result.h"

namespace aios {

struct ListedRow {
  std::string json;                // one object: all that is known of it
  std::vector<std::string> cells;  // of a table: name, kind, description
};

// `what`: "kernels", "scenarios", "machines" or "metrics".
Result<std::vector<ListedRow>> listing(const Context& context, const std::string& what);

}  // namespace aios
