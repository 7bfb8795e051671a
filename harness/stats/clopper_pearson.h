// SPDX-License-Identifier: Apache-2.0
// A rate with its interval: so many of so many, exact for every count (Clopper and Pearson). 0 of 200 false alarms does
// not mean none: it means at most 1.8 % (two-sided 95 %), or 1.5 % where only the upper bound is asked.
#pragma once

#include "harness/stats/interval.h"
#include "harness/support/result.h"

namespace aios::stats {

Result<Estimate> clopper_pearson(int hits, int trials, double confidence = 0.95);
// One-sided: the rate is at most this.
Result<double> rate_at_most(int hits, int trials, double confidence = 0.95);

}  // namespace aios::stats
