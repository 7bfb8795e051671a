// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>

#include "harness/stats/change_search.h"
#include "harness/stats/energy.h"
#include "harness/stats/max_t.h"

namespace aios::stats {
namespace {

constexpr std::size_t kShortestInterval = 24;
constexpr std::size_t kPlacingReach = 40;  // the energy divergence is quadratic
constexpr double kWorthALook = 3;          // no p that matters lies below this t

struct Candidate {
  std::size_t first = 0, end = 0, index = 0;
  double p = 1, t = 0;
};

class IntervalSearch {
 public:
  IntervalSearch(std::span<const double> values, double level, double worth)
      : values_(values), level_(level), worth_(worth) {
    for (std::size_t length = values.size(); length >= kShortestInterval; length /= 2) ++layers_;
    layers_ = std::max<std::size_t>(layers_, 1);
  }

  std::vector<FoundChange> run() {
    take(candidates());
    split_further();
    for (int round = 0; round < 2; ++round) place();
    return judge_again();
  }

 private:
  // Each length has its share of the level, and so has each interval of a length.
  double corrected_p(std::size_t length, double t) const {
    const double all = static_cast<double>(values_.size());
    const double of_a_length = std::max(1.0, 2 * all / static_cast<double>(length) - 1);
    return std::min(1.0, max_t_p(length, t * worth_) * of_a_length * static_cast<double>(layers_));
  }

  std::optional<Candidate> best_of(std::size_t first, std::size_t end) const {
    const Split split = best_split(values_.subspan(first, end - first));
    if (split.t * worth_ < kWorthALook) return std::nullopt;
    const Candidate out{first, end, first + split.index, corrected_p(end - first, split.t), split.t};
    if (out.p > level_) return std::nullopt;
    return out;
  }

  // The whole series, then intervals of half the length, each overlapping the next by half, and so on.
  std::vector<Candidate> candidates() const {
    std::vector<Candidate> out;
    const std::size_t n = values_.size();
    for (std::size_t layer = 0; layer < layers_; ++layer) {
      const std::size_t length = n >> layer;
      const std::size_t count = (std::size_t{2} << layer) - 1;
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t first = count == 1 ? 0 : i * (n - length) / (count - 1);
        if (const auto found = best_of(first, first + length)) out.push_back(*found);
      }
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Candidate& a, const Candidate& b) { return a.p != b.p ? a.p < b.p : a.t > b.t; });
    return out;
  }

  // The clearest first; what lies across a point that was taken speaks of that point.
  void take(const std::vector<Candidate>& candidates) {
    for (const Candidate& candidate : candidates) {
      const auto next = std::upper_bound(points_.begin(), points_.end(), candidate.first);
      if (next != points_.end() && *next < candidate.end) continue;
      points_.insert(next, candidate.index);
    }
  }

  void split_further() {
    if (points_.empty()) return;  // the whole series was looked at
    std::vector<std::size_t> edges = points_;
    edges.insert(edges.begin(), 0);
    edges.push_back(values_.size());
    for (std::size_t i = 0; i + 1 < edges.size();) {
      const auto found = best_of(edges[i], edges[i + 1]);
      if (found) {
        edges.insert(edges.begin() + static_cast<std::ptrdiff_t>(i + 1), found->index);
      } else {
        ++i;
      }
    }
    points_.assign(edges.begin() + 1, edges.end() - 1);
  }

  std::size_t before(std::size_t i) const { return i == 0 ? 0 : points_[i - 1]; }
  std::size_t after(std::size_t i) const { return i + 1 == points_.size() ? values_.size() : points_[i + 1]; }

  void place() {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const std::size_t first = before(i);
      const std::size_t end = after(i);
      const Split split = best_split(values_.subspan(first, end - first));
      const std::size_t near = split.t > 0 ? first + split.index : points_[i];
      const std::size_t low = near > first + kPlacingReach ? near - kPlacingReach : first;
      const std::size_t high = std::min(end, near + kPlacingReach);
      const auto cut = best_energy_cut(values_.subspan(low, high - low), kLeastSide);
      points_[i] = cut.ok() && *cut ? low + (*cut)->index : near;
    }
  }

  double p_of(std::size_t i) const {
    const std::size_t first = before(i);
    const std::size_t end = after(i);
    const std::span<const double> segment = values_.subspan(first, end - first);
    const std::size_t at = points_[i] - first;
    const double p = corrected_p(segment.size(), split_at(segment, at).t);
    if (p > level_) return p;
    // Skewed noise makes large t that its ranks do not have.
    const double scored = corrected_p(segment.size(), split_at(normal_scores(segment, segment.size()), at).t);
    // The ranks of a short series cannot say as much.
    return std::max(p, scored / std::clamp(500 / static_cast<double>(values_.size()), 1.0, 5.0));
  }

  std::vector<FoundChange> judge_again() {
    std::vector<double> p;
    for (std::size_t i = 0; i < points_.size(); ++i) p.push_back(p_of(i));
    while (!p.empty()) {
      const auto worst = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
      if (p[worst] <= level_) break;
      points_.erase(points_.begin() + static_cast<std::ptrdiff_t>(worst));
      p.erase(p.begin() + static_cast<std::ptrdiff_t>(worst));
      if (worst > 0) p[worst - 1] = p_of(worst - 1);
      if (worst < p.size()) p[worst] = p_of(worst);
    }
    std::vector<FoundChange> out;
    for (std::size_t i = 0; i < points_.size(); ++i) out.push_back({points_[i], p[i]});
    return out;
  }

  std::span<const double> values_;
  double level_, worth_;
  std::size_t layers_ = 0;
  std::vector<std::size_t> points_;  // ascending
};

}  // namespace

std::vector<FoundChange> search_intervals(std::span<const double> values, double level, double worth) {
  return IntervalSearch(values, level, worth).run();
}

}  // namespace aios::stats
