// SPDX-License-Identifier: Apache-2.0
// The two functions of the normal law that planning needs.
#pragma once

namespace aios::stats {

// The z below which a share q of the standard normal law lies; q strictly between 0 and 1.
double normal_quantile(double q);
// P(|Z| > z), good far out in the tail.
double normal_two_sided_tail(double z);

}  // namespace aios::stats
