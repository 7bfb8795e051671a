// SPDX-License-Identifier: Apache-2.0
// The search along one line of commits, pure: what has been measured so far goes in, what to measure next (or the
// answer) comes out. It looks for sizes, not for pass and fail: every step between the ends that is larger than the
// limit is found, so that a difference that came in several commits is told apart.
//
// Exact: a figure is what it is; where two measured commits agree, nothing between them is looked at. Noisy: a
// posterior over all ways to cut the line into levels (Fearnhead's recursion, levels and noise normal), and the search
// goes on until one way has the confidence asked for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace aios {

struct BisectPoint {
  bool broken = false;         // cannot be measured: does not build, does not boot, has not this metric
  std::string why;             // why not
  std::vector<double> values;  // one a boot; none: not measured yet

  bool open() const { return !broken && values.empty(); }
};

struct BisectRules {
  bool exact = true;
  double min_step = 0;      // smaller steps are not told apart; in the metric's own unit
  double min_share = 0.01;  // the same as a share of the whole difference; the larger of the two counts
  double confidence = 0.95;
  int end_boots = 5;   // noisy: of the two ends
  int boots = 3;       // noisy: of a commit between them, at a time
  int max_boots = 40;  // noisy: of any one commit
};

// One boot, or as many as noise asks for, of the point at `index`.
struct ChainMove {
  std::size_t index = 0;
  int boots = 1;
};

// Between two neighbouring measured points; first + 1 == last pins it to the commit `last`.
struct ChainStep {
  std::size_t first = 0, last = 0;
  double before = 0, after = 0;  // levels
  double confidence = 1;         // that there is a step here

  double size() const { return after - before; }
};

struct ChainAnswer {
  std::optional<ChainMove> move;  // none: finished
  std::vector<ChainStep> steps;   // known so far, in the order of the commits
  double difference = 0;          // of the ends
  double limit = 0;               // what counts as a step here
  double confidence = 1;          // that these are the steps, all of them and no others
  bool settled = false;           // finished with the confidence asked for
  int moves_left = 0;             // about
};

// `points`: the first is the good end, the last the bad one; two at least. The ends are measured first.
ChainAnswer search_chain(const std::vector<BisectPoint>& points, const BisectRules& rules);

// The two ways of it.
ChainAnswer search_exact_chain(const std::vector<BisectPoint>& points, const BisectRules& rules);
ChainAnswer search_noisy_chain(const std::vector<BisectPoint>& points, const BisectRules& rules);

// The figure that stands for a point: the median of its boots.
double point_value(const BisectPoint& point);
// The open point between two indices that splits their gap best.
std::optional<std::size_t> open_middle(const std::vector<BisectPoint>& points, std::size_t first, std::size_t last);

}  // namespace aios
