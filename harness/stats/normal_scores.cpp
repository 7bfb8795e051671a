// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "harness/stats/change_search.h"
#include "harness/stats/normal.h"
#include "harness/stats/random.h"

namespace aios::stats {

std::vector<double> normal_scores(std::span<const double> values, std::uint64_t seed) {
  struct Key {
    double value;
    std::uint64_t drawn;
    std::size_t index;
  };
  Random random(seed);
  std::vector<Key> keys;
  keys.reserve(values.size());
  for (const double value : values) keys.push_back({value, random.next(), keys.size()});
  std::sort(keys.begin(), keys.end(),
            [](const Key& a, const Key& b) { return a.value != b.value ? a.value < b.value : a.drawn < b.drawn; });
  std::vector<double> out(values.size());
  const auto all = static_cast<double>(values.size());
  for (std::size_t rank = 0; 2 * rank < keys.size(); ++rank) {  // the law is symmetric
    const double score = normal_quantile((static_cast<double>(rank) + 0.5) / all);
    out[keys[keys.size() - 1 - rank].index] = -score;
    out[keys[rank].index] = 2 * rank + 1 == keys.size() ? 0 : score;
  }
  return out;
}

}  // namespace aios::stats
