// SPDX-License-Identifier: Apache-2.0
// Time that an experiment may take, as a person writes it: "90s", "10m", "1h30m"; a bare number is seconds.
#pragma once

#include <string>
#include <string_view>

#include "harness/support/result.h"

namespace aios {

// In seconds, more than 0 and at most 30 days. `where`: the flag or the file, for the error.
Result<double> parse_budget(std::string_view text, std::string_view where);
// "1h 30m", "4m 05s", "12 s"
std::string budget_text(double seconds);

}  // namespace aios
