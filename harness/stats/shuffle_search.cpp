// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/stats/change_search.h"
#include "harness/stats/max_t.h"
#include "harness/stats/random.h"
#include "harness/stats/ranks.h"

namespace aios::stats {
namespace {

constexpr std::size_t kShuffledTo = 3000;  // beyond, their normal scores tell
constexpr int kShuffles = 999;
constexpr int kEnoughExceed = 10;  // by then it is no change (Besag and Clifford)

struct Cut {
  std::size_t index = 0;
  double between = 0;  // sum of squares between the parts, but for a factor
};

Cut best_cut(std::span<const double> values, double mean) {
  Cut out;
  const auto all = static_cast<double>(values.size());
  double sum = 0;
  for (std::size_t i = 0; i + kLeastSide < values.size(); ++i) {
    sum += values[i] - mean;
    const auto left = static_cast<double>(i + 1);
    const double between = sum * sum / (left * (all - left));
    if (i + 1 >= kLeastSide && between > out.between) out = {i + 1, between};
  }
  return out;
}

double shuffled_p(std::span<const double> values, double mean, double between, Random& random) {
  std::vector<double> deck(values.begin(), values.end());
  int exceed = 0;
  for (int round = 1; round <= kShuffles; ++round) {
    for (std::size_t i = deck.size() - 1; i > 0; --i) std::swap(deck[i], deck[random.below(i + 1)]);
    exceed += best_cut(deck, mean).between >= between * (1 - 1e-9) ? 1 : 0;
    if (exceed == kEnoughExceed) return static_cast<double>(exceed) / round;
  }
  return (exceed + 1.0) / (kShuffles + 1);
}

}  // namespace

std::vector<FoundChange> search_by_shuffling(std::span<const double> values, double level) {
  std::vector<FoundChange> out;
  std::vector<std::pair<std::size_t, std::size_t>> open = {{0, values.size()}};
  Random random(0x5e9e5 + values.size());
  while (!open.empty()) {
    const auto [first, end] = open.back();
    open.pop_back();
    const std::span<const double> segment = values.subspan(first, end - first);
    if (segment.size() < 2 * kLeastSide) continue;
    const auto [low, high] = std::minmax_element(segment.begin(), segment.end());
    if (*low == *high) continue;
    // Ranks, so that one wild value does not hide a step of all others.
    const std::vector<double> ranks = rank(segment).ranks;
    const double mean = (static_cast<double>(segment.size()) + 1) / 2;
    const Cut cut = best_cut(ranks, mean);
    if (cut.index == 0) continue;
    const double p = segment.size() <= kShuffledTo
                         ? shuffled_p(ranks, mean, cut.between, random)
                         : max_t_p(segment.size(), split_at(normal_scores(segment, segment.size()), cut.index).t);
    if (p > level) continue;
    out.push_back({first + cut.index, p});
    open.emplace_back(first, first + cut.index);
    open.emplace_back(first + cut.index, end);
  }
  std::sort(out.begin(), out.end(), [](const FoundChange& a, const FoundChange& b) { return a.index < b.index; });
  return out;
}

}  // namespace aios::stats
