// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/ranks.h"

#include <algorithm>
#include <numeric>

namespace aios::stats {

Ranks rank(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });

  Ranks out;
  out.ranks.resize(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    const double shared = static_cast<double>(first + 1 + end) / 2;
    for (std::size_t i = first; i < end; ++i) out.ranks[order[i]] = shared;
    out.groups.push_back(static_cast<int>(end - first));
    first = end;
  }
  return out;
}

}  // namespace aios::stats
