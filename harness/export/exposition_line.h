// SPDX-License-Identifier: Apache-2.0
// One sample line of Prometheus's text format: `name{label="value",...} 1.5 [timestamp]`. Syntax and bounds of this one
// line only; whether the family holds together is for its reader to say.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/export/metric_families.h"
#include "harness/support/result.h"

namespace aios {

struct ExpositionLine {
  std::string name;
  MetricLabels labels;  // sorted, values printable
  double value = 0;
};

Result<ExpositionLine> parse_exposition_line(std::string_view text);

// "1.5", "-3e4", "+Inf", "-Inf"; nothing for NaN and what is no number.
std::optional<double> exposition_number(std::string_view text);

}  // namespace aios
