// SPDX-License-Identifier: Apache-2.0
// A confidence interval that says how sure it really is: small samples cannot attain every confidence, so the attained
// one stands beside the one that was asked for. Infinite ends mean that the sample could not bound that side at all.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace aios::stats {

struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  double asked = 0.95;
  double attained = 1;
  std::vector<std::string> warnings;

  bool contains(double value) const { return low <= value && value <= high; }
  bool bounded() const {
    return low > -std::numeric_limits<double>::infinity() && high < std::numeric_limits<double>::infinity();
  }
};

// A point with the interval around it.
struct Estimate {
  double value = 0;
  Interval interval;
};

}  // namespace aios::stats
