// SPDX-License-Identifier: Apache-2.0
// Ranks of a sample, equal values sharing the mean of their ranks ("mid-ranks"), and how large each group of equals is.
#pragma once

#include <span>
#include <vector>

namespace aios::stats {

struct Ranks {
  std::vector<double> ranks;  // from 1, in the order of the values
  std::vector<int> groups;    // sizes of the groups of equal values, ascending by value; all 1: no ties

  bool tied() const { return groups.size() < ranks.size(); }
  bool constant() const { return groups.size() <= 1; }
};

Ranks rank(std::span<const double> values);

}  // namespace aios::stats
