// SPDX-License-Identifier: Apache-2.0
// Does one sample tend to lie above the other? Mann and Whitney's test, exact wherever that can be computed (up to 50 a
// side without ties, 64 together with ties), the normal approximation with tie and continuity correction above that.
// It says nothing of how large the difference is: hodges_lehmann.h does.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/support/result.h"

namespace aios::stats {

struct MannWhitney {
  double u = 0;           // pairs with x < y; a tie counts one half
  double p = 1;           // two-sided
  double smallest_p = 1;  // what samples of these sizes (and ties) could have given at most
  bool exact = true;
  bool tied = false;
  std::vector<std::string> warnings;
};

Result<MannWhitney> mann_whitney(std::span<const double> x, std::span<const double> y);

}  // namespace aios::stats
