// SPDX-License-Identifier: Apache-2.0
// The smallest shift that so many boots find at a level, remembered: it is simulated, and every metric of a gate asks
// for the same one.
#pragma once

#include <map>
#include <tuple>

#include "harness/stats/power.h"

namespace aios {

class ShiftMemo {
 public:
  double detectable(stats::Design design, int boots, double level, double power) {
    const auto key = std::make_tuple(design, boots, level, power);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    return known_[key] = stats::detectable_shift(design, boots, level, power);
  }

 private:
  std::map<std::tuple<stats::Design, int, double, double>, double> known_;
};

}  // namespace aios
