// SPDX-License-Identifier: Apache-2.0
// Quantiles of a sample by linear interpolation between order statistics (Hyndman and Fan's type 7, the default of R
// and NumPy). An empty sample has none: NaN.
#pragma once

#include <span>
#include <vector>

namespace aios::stats {

std::vector<double> sorted(std::span<const double> values);
double quantile_of_sorted(std::span<const double> ascending, double q);
double quantile(std::span<const double> values, double q);
double median(std::span<const double> values);

}  // namespace aios::stats
