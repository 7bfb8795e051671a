// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "harness/experiment/bisect_chain.h"

namespace aios {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr double kMadToSd = 1.4826;
constexpr double kOutlier = 5;  // in standard deviations: farther out counts as this far

// Boots of one commit, on the scale of the search.
struct Site {
  std::size_t index = 0;
  std::vector<double> values;
  double mean = 0;
  double count() const { return static_cast<double>(values.size()); }
};

double log_sum(double a, double b) {
  if (a == kNever) return b;
  if (b == kNever) return a;
  return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Pooled over the sites, each about its own median, far outliers drawn in; widened for the few degrees of freedom.
double noise_of(std::vector<Site>& sites) {
  std::vector<double> away;
  for (const Site& site : sites) {
    if (site.values.size() < 2) continue;
    const double middle = median_of(site.values);
    for (const double value : site.values) away.push_back(std::abs(value - middle));
  }
  const double rough = away.empty() ? 0 : kMadToSd * median_of(away) * 1.2;  // medians of few lie close to their values
  double squares = 0, freedom = 0;
  for (Site& site : sites) {
    const double middle = median_of(site.values);
    if (rough > 0) {
      for (double& value : site.values) value = std::clamp(value, middle - kOutlier * rough, middle + kOutlier * rough);
    }
    site.mean = std::accumulate(site.values.begin(), site.values.end(), 0.0) / site.count();
    for (const double value : site.values) squares += (value - site.mean) * (value - site.mean);
    freedom += site.count() - 1;
  }
  if (freedom < 3 || squares <= 0) return 0;
  return std::sqrt(squares / freedom * freedom / (freedom - 2));
}

class Levels {
 public:
  Levels(const std::vector<Site>& sites, double noise, double centre, double spread, double rate)
      : sites_(sites), noise_(noise), centre_(centre), spread_(spread), rate_(rate), n_(sites.size()) {
    fill_pieces();
    forward_.assign(n_, kNever);
    backward_.assign(n_, kNever);
    best_.assign(n_, kNever);
    from_.assign(n_, 0);
    for (std::size_t end = 0; end < n_; ++end) {
      for (std::size_t begin = 0; begin <= end; ++begin) {
        const double piece = segment(begin, end);
        const double cut = begin == 0 ? 0 : log_change(begin - 1);
        forward_[end] = log_sum(forward_[end], piece + (begin == 0 ? 0 : forward_[begin - 1] + cut));
        const double whole = piece + (begin == 0 ? 0 : best_[begin - 1] + cut);
        if (whole > best_[end]) {
          best_[end] = whole;
          from_[end] = begin;
        }
      }
    }
    for (std::size_t begin = n_; begin-- > 0;) {
      for (std::size_t end = begin; end < n_; ++end) {
        const double rest = end + 1 == n_ ? 0 : log_change(end) + backward_[end + 1];
        backward_[begin] = log_sum(backward_[begin], segment(begin, end) + rest);
      }
    }
  }

  // Posterior probability of a step between site `gap` and the next.
  double change(std::size_t gap) const {
    return std::exp(forward_[gap] + log_change(gap) + backward_[gap + 1] - forward_.back());
  }
  // The most probable way to cut: where each level begins. And how probable it is as a whole.
  std::vector<std::size_t> begins() const {
    std::vector<std::size_t> out;
    for (std::size_t end = n_; end > 0;) {
      const std::size_t begin = from_[end - 1];
      out.insert(out.begin(), begin);
      end = begin;
    }
    return out;
  }
  double confidence() const { return std::exp(best_.back() - forward_.back()); }
  double mean(std::size_t begin, std::size_t end) const {
    double sum = 0, count = 0;
    for (std::size_t i = begin; i <= end; ++i) {
      sum += sites_[i].count() * sites_[i].mean;
      count += sites_[i].count();
    }
    return sum / count;
  }

 private:
  double commits(std::size_t gap) const { return static_cast<double>(sites_[gap + 1].index - sites_[gap].index); }
  double log_same(std::size_t gap) const { return commits(gap) * std::log1p(-rate_); }
  double log_change(std::size_t gap) const { return std::log(-std::expm1(log_same(gap))); }

  // Log likelihood of sites on one level, the level integrated out, and of no step between them; less what is the same
  // for every way to cut.
  void fill_pieces() {
    pieces_.assign(n_ * n_, kNever);
    const double noise2 = noise_ * noise_, spread2 = spread_ * spread_;
    for (std::size_t begin = 0; begin < n_; ++begin) {
      double count = 0, middle = 0, squares = 0, same = 0;  // running, as Welford has it
      for (std::size_t end = begin; end < n_; ++end) {
        if (end > begin) same += log_same(end - 1);
        const double weight = sites_[end].count(), away = sites_[end].mean - middle;
        squares += away * away * count * weight / (count + weight);
        middle += away * weight / (count + weight);
        count += weight;
        const double off = (middle - centre_) * (middle - centre_) / (spread2 + noise2 / count);
        pieces_[begin * n_ + end] =
            same - squares / (2 * noise2) - 0.5 * std::log1p(count * spread2 / noise2) - 0.5 * off;
      }
    }
  }
  double segment(std::size_t begin, std::size_t end) const { return pieces_[begin * n_ + end]; }

  const std::vector<Site>& sites_;
  double noise_, centre_, spread_, rate_;
  std::size_t n_;
  std::vector<double> pieces_, forward_, backward_, best_;
  std::vector<std::size_t> from_;
};

double entropy(double p) {
  const auto part = [](double x) { return x <= 0 ? 0 : -x * std::log2(x); };
  return part(p) + part(1 - p);
}

class NoisySearch {
 public:
  NoisySearch(const std::vector<BisectPoint>& points, const BisectRules& rules) : points_(points), rules_(rules) {}

  ChainAnswer run() {
    ChainAnswer answer;
    const auto boots = [&](std::size_t at) { return static_cast<int>(points_[at].values.size()); };
    for (const std::size_t end : {std::size_t{0}, points_.size() - 1}) {
      if (boots(end) < rules_.end_boots && !answer.move) {
        answer.move = ChainMove{end, rules_.end_boots - boots(end)};
      }
    }
    const auto open = std::count_if(points_.begin(), points_.end(), [](const auto& point) { return point.open(); });
    answer.moves_left = 3 + static_cast<int>(std::ceil(2 * std::log2(static_cast<double>(open) + 1)));
    if (answer.move) return answer;

    read_sites();
    answer.difference = point_value(points_.back()) - point_value(points_.front());
    answer.limit = std::max(rules_.min_step, rules_.min_share * std::abs(answer.difference));
    double noise = noise_of(sites_);
    const double ends = std::abs(sites_.back().mean - sites_.front().mean);
    // Figures without any noise: a billionth of them stands for it.
    const double floor = 1e-9 * std::max({std::abs(sites_.back().mean), std::abs(sites_.front().mean), 1e-9});
    noise = std::max(noise, floor);
    const double centre = (sites_.back().mean + sites_.front().mean) / 2;
    // Before anybody looks, half a step is expected on the whole way.
    const double rate = 0.5 / static_cast<double>(points_.size());
    const double spread = std::max(ends, 2 * noise);
    // The ends first, by themselves: where they agree there is nothing to search for.
    const std::vector<Site> both{sites_.front(), sites_.back()};
    const double even = -std::expm1(std::log(0.5) / static_cast<double>(points_.size() - 1));  // half and half
    const double apart = Levels(both, noise, centre, std::max(ends, 3 * noise), even).change(0);
    if (apart < rules_.confidence) {
      answer.settled = apart <= 1 - rules_.confidence;
      answer.confidence = 1 - apart;
      const std::size_t thin = both[0].count() <= both[1].count() ? both[0].index : both[1].index;
      const bool more = !answer.settled && boots(thin) < rules_.max_boots;
      if (more) answer.move = ChainMove{thin, rules_.end_boots};
      if (!more) answer.moves_left = 0;
      return answer;
    }
    const Levels levels(sites_, noise, centre, spread, rate);
    answer.confidence = levels.confidence();
    take_steps(levels, answer);
    choose(levels, answer);
    return answer;
  }

 private:
  void read_sites() {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (!points_[i].values.empty()) sites_.push_back({i, points_[i].values, 0});
    }
  }

  bool has_open(std::size_t gap) const {
    return open_middle(points_, sites_[gap].index, sites_[gap + 1].index).has_value();
  }

  void take_steps(const Levels& levels, ChainAnswer& answer) const {
    const auto begins = levels.begins();
    for (std::size_t k = 1; k < begins.size(); ++k) {
      const std::size_t gap = begins[k] - 1;
      const std::size_t end = k + 1 < begins.size() ? begins[k + 1] - 1 : sites_.size() - 1;
      const ChainStep step{sites_[gap].index, sites_[gap + 1].index, levels.mean(begins[k - 1], gap),
                           levels.mean(begins[k], end), levels.change(gap)};
      if (std::abs(step.size()) > answer.limit) answer.steps.push_back(step);
    }
  }

  void choose(const Levels& levels, ChainAnswer& answer) const {
    bool pinned = true;
    for (const ChainStep& step : answer.steps) pinned = pinned && !open_middle(points_, step.first, step.last);
    answer.settled = pinned && answer.confidence >= rules_.confidence;
    if (answer.settled) {
      answer.moves_left = 0;
      return;
    }
    double best = 0;
    double halves = 0;
    for (std::size_t gap = 0; gap + 1 < sites_.size(); ++gap) {
      const double p = levels.change(gap);
      const auto middle = open_middle(points_, sites_[gap].index, sites_[gap + 1].index);
      const double commits = static_cast<double>(sites_[gap + 1].index - sites_[gap].index);
      const double left = middle ? p * std::log2(commits) : 0;
      halves += left;
      const double worth = entropy(p) + left;
      if (worth <= best) continue;
      const Site& thin = sites_[gap].count() <= sites_[gap + 1].count() ? sites_[gap] : sites_[gap + 1];
      if (middle) {
        answer.move = ChainMove{*middle, rules_.boots};
      } else if (thin.count() < rules_.max_boots) {
        answer.move = ChainMove{thin.index, rules_.boots};
      } else {
        continue;
      }
      best = worth;
    }
    answer.moves_left = answer.move ? 1 + static_cast<int>(std::ceil(halves)) : 0;
  }

  const std::vector<BisectPoint>& points_;
  const BisectRules& rules_;
  std::vector<Site> sites_;
};

}  // namespace

ChainAnswer search_noisy_chain(const std::vector<BisectPoint>& points, const BisectRules& rules) {
  return NoisySearch(points, rules).run();
}

}  // namespace aios
