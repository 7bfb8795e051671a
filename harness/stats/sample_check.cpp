// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/sample_check.h"

#include <fmt/format.h>

#include <cmath>

namespace aios::stats {

Status check_sample(std::span<const double> values, std::string_view name) {
  if (values.empty()) return config_error(fmt::format("{} has no values", name));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return config_error(fmt::format("{}[{}] is {}, not a finite number", name, i, values[i]));
    }
  }
  return {};
}

Status check_positive(std::span<const double> values, std::string_view name) {
  TRY(check_sample(values, name));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] <= 0) {
      return config_error(fmt::format("{}[{}] is {}: a ratio needs positive values", name, i, values[i]), {},
                          "compare differences instead of ratios");
    }
  }
  return {};
}

}  // namespace aios::stats
