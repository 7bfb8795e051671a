// SPDX-License-Identifier: Apache-2.0
// Where did a series change its level? For histories of noisy values (a point a run or a commit).
//
// Splits of many intervals, from the whole series down to pieces of 24 values, are held against the law of the *best*
// split (max_t.h), each with its share of the level, so that a series of pure noise shows anything at all in no more
// than `level` of all cases. The energy divergence places each point; then every point is judged again between its
// neighbours, and what does not hold goes. Spikes are drawn in first; noise whose neighbours are alike counts less.
// A series whose values mostly repeat has no such law and is judged by shuffling it (seeded). O(n log n) otherwise.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "harness/support/result.h"

namespace aios::stats {

struct ChangeOptions {
  double level = 0.01;  // how often pure noise may show a point
};

struct ChangePoint {
  std::size_t index = 0;         // the first value of the new level
  double before = 0, after = 0;  // medians, up to the neighbouring points
  double p = 1;                  // corrected for having been looked for
  double deviations = 0;         // the step in standard deviations of the noise; infinite where there is none
  double relative() const;       // after / before - 1; infinite from 0
};

struct ChangePoints {
  std::vector<ChangePoint> points;  // ascending by index
  double noise = 0;                 // standard deviation around the levels
  double alike = 0;                 // lag-1 correlation, where it is clear
  std::vector<std::string> warnings;
};

inline constexpr std::size_t kLeastValues = 6;

// An error where a value is not finite or the level is no probability.
Result<ChangePoints> change_points(std::span<const double> values, const ChangeOptions& options = {});

}  // namespace aios::stats
