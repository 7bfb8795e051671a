// SPDX-License-Identifier: Apache-2.0
// What every procedure here refuses by name: no values at all, values that are not finite, logs of what is not
// positive.
#pragma once

#include <span>
#include <string_view>

#include "harness/support/result.h"

namespace aios::stats {

Status check_sample(std::span<const double> values, std::string_view name);
Status check_positive(std::span<const double> values, std::string_view name);

}  // namespace aios::stats
