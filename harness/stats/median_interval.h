// SPDX-License-Identifier: Apache-2.0
// Where the median of the population lies, from the order statistics of a sample alone: no assumption but independent
// values. Exact binomial at every size. Fewer than 6 values cannot attain 95 %: then the interval is open on a side.
#pragma once

#include <span>

#include "harness/stats/interval.h"
#include "harness/support/result.h"

namespace aios::stats {

Result<Estimate> median_interval(std::span<const double> values, double confidence = 0.95);

// The smallest sample whose whole range attains this confidence.
int median_samples_needed(double confidence);

}  // namespace aios::stats
