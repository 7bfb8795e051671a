// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/benjamini_hochberg.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace aios::stats {

Result<std::vector<double>> benjamini_hochberg(std::span<const double> p) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!(p[i] >= 0 && p[i] <= 1)) return config_error(fmt::format("p[{}] is {}, no probability", i, p[i]));
  }
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
  std::vector<double> out(p.size());
  double least = 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto place = static_cast<double>(order.size() - i);  // from the largest p, whose place is the last
    least = std::min(least, static_cast<double>(p.size()) * p[order[i]] / place);
    out[order[i]] = std::max(least, p[order[i]]);  // equal but for rounding
  }
  return out;
}

}  // namespace aios::stats
