// SPDX-License-Identifier: Apache-2.0
// How far one sample lies from another: the median of all pairwise differences (or ratios), with the exact interval
// that inverts the Mann-Whitney test, so that without ties the test and the interval never disagree: "no change" lies
// outside exactly when p <= 1 - confidence.
#pragma once

#include <span>

#include "harness/stats/interval.h"
#include "harness/support/result.h"

namespace aios::stats {

// y - x
Result<Estimate> hodges_lehmann_shift(std::span<const double> x, std::span<const double> y, double confidence = 0.95);
// y / x; an error where a value is not positive
Result<Estimate> hodges_lehmann_ratio(std::span<const double> x, std::span<const double> y, double confidence = 0.95);

}  // namespace aios::stats
