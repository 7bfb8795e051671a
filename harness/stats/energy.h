// SPDX-License-Identifier: Apache-2.0
// The energy divergence of Matteson and James: how far the values before a point and those after it are from being of
// one kind, whatever their law (E-divisive's candidates for change points). It says where; whether, say a permutation
// or the tables of max_t.h. Quadratic in the window, so windows are bounded.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "harness/support/result.h"

namespace aios::stats {

inline constexpr std::size_t kEnergyLimit = 1000;

struct EnergySplit {
  std::size_t index = 0;  // the first point after the change
  std::size_t end = 0;    // one past the last point that belongs to what follows
  double divergence = 0;
};

// The largest divergence over all (index, end) of the window; of equals the smallest index, then the smallest end.
// nullopt: fewer than two values. An error: more than kEnergyLimit, or values that are not finite.
Result<std::optional<EnergySplit>> best_energy_split(std::span<const double> window);

// The largest over all indexes with the end fixed, as a V-statistic (never negative), each side with `least` values.
Result<std::optional<EnergySplit>> best_energy_cut(std::span<const double> values, std::size_t least = 1);

}  // namespace aios::stats
