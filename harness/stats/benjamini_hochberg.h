// SPDX-License-Identifier: Apache-2.0
// Many metrics, one verdict: without this every run of a hundred metrics shows a "regression". The adjusted q of a test
// is the smallest share of false alarms among all that are called at its level; call what has q <= 0.05. One family is
// one gate run (all scenarios, metrics, machines), fixed before looking.
#pragma once

#include <span>
#include <vector>

#include "harness/support/result.h"

namespace aios::stats {

// q in the order of p. An error where a p is not within 0 and 1; no p, no q.
Result<std::vector<double>> benjamini_hochberg(std::span<const double> p);

}  // namespace aios::stats
