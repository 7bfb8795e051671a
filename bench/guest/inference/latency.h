// SPDX-License-Identifier: Apache-2.0
// What is said of the times of many tokens. A percentile is the nearest rank: a time that a token took, never one
// between two (the least that q of all are not above).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace aios::inference {

// `permille`: 500 is the median, 990 the 99th percentile, 1000 the worst. 0 of no times.
inline std::uint64_t percentile(std::vector<std::uint64_t> times, std::uint64_t permille) {
  if (times.empty()) return 0;
  const std::uint64_t rank = std::max<std::uint64_t>(1, (times.size() * permille + 999) / 1000);
  const std::size_t index = std::min<std::size_t>(rank, times.size()) - 1;
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(index), times.end());
  return times[index];
}

}  // namespace aios::inference
