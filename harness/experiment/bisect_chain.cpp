// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/bisect_chain.h"

#include <algorithm>
#include <cmath>

namespace aios {
namespace {

struct OpenGap {
  std::size_t first, last;
  double size;
};

int halvings(std::size_t open) {
  int count = 0;
  for (; open > 0; open /= 2) ++count;
  return count;
}

}  // namespace

double point_value(const BisectPoint& point) {
  std::vector<double> sorted = point.values;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

std::optional<std::size_t> open_middle(const std::vector<BisectPoint>& points, std::size_t first, std::size_t last) {
  const std::size_t middle = first + (last - first) / 2;
  for (std::size_t away = 0; away <= last - first; ++away) {
    if (middle >= first + away + 1 && points[middle - away].open()) return middle - away;
    if (middle + away < last && points[middle + away].open()) return middle + away;
  }
  return std::nullopt;
}

ChainAnswer search_exact_chain(const std::vector<BisectPoint>& points, const BisectRules& rules) {
  ChainAnswer answer;
  for (const std::size_t end : {std::size_t{0}, points.size() - 1}) {
    if (points[end].open() && !answer.move) answer.move = ChainMove{end, 1};
  }
  if (answer.move) {
    answer.moves_left = halvings(points.size() - 2) + 2;
    return answer;
  }
  answer.difference = point_value(points.back()) - point_value(points.front());
  answer.limit = std::max(rules.min_step, rules.min_share * std::abs(answer.difference));
  std::optional<OpenGap> widest;
  std::size_t before = 0;
  for (std::size_t at = 1; at < points.size(); ++at) {
    if (points[at].values.empty()) continue;
    const double size = point_value(points[at]) - point_value(points[before]);
    if (std::abs(size) > answer.limit) {
      answer.steps.push_back({before, at, point_value(points[before]), point_value(points[at]), 1});
      const auto open = static_cast<std::size_t>(std::count_if(points.begin() + static_cast<std::ptrdiff_t>(before),
                                                               points.begin() + static_cast<std::ptrdiff_t>(at),
                                                               [](const BisectPoint& point) { return point.open(); }));
      if (open > 0) {
        answer.moves_left += halvings(open);
        if (!widest || std::abs(size) > std::abs(widest->size)) widest = OpenGap{before, at, size};
      }
    }
    before = at;
  }
  // The largest first: it is the answer that somebody waits for.
  if (widest) {
    answer.move = ChainMove{*open_middle(points, widest->first, widest->last), 1};
  } else {
    answer.settled = true;
  }
  return answer;
}

ChainAnswer search_chain(const std::vector<BisectPoint>& points, const BisectRules& rules) {
  return rules.exact ? search_exact_chain(points, rules) : search_noisy_chain(points, rules);
}

}  // namespace aios
