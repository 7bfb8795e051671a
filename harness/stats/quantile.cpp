// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace aios::stats {

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> out(values.begin(), values.end());
  std::sort(out.begin(), out.end());
  return out;
}

double quantile_of_sorted(std::span<const double> ascending, double q) {
  if (ascending.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double position = std::clamp(q, 0.0, 1.0) * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(position));
  const double part = position - static_cast<double>(below);
  if (part == 0 || below + 1 >= ascending.size()) return ascending[below];
  return ascending[below] + part * (ascending[below + 1] - ascending[below]);
}

double quantile(std::span<const double> values, double q) { return quantile_of_sorted(sorted(values), q); }
double median(std::span<const double> values) { return quantile(values, 0.5); }

}  // namespace aios::stats
