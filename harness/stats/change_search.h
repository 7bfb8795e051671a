// SPDX-License-Identifier: Apache-2.0
// The two searches behind change_points.h: indexes and their corrected p, without the levels around them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace aios::stats {

struct FoundChange {
  std::size_t index = 0;
  double p = 1;
};

// The values' ranks as normal scores, equals in drawn order: without a change any order of them is as likely, whatever
// the law of the values, so that the law of the best split holds for skewed values and for those that repeat.
std::vector<double> normal_scores(std::span<const double> values, std::uint64_t seed);

// Continuous noise. `worth`: what a t is worth (series_noise.h).
std::vector<FoundChange> search_intervals(std::span<const double> values, double level, double worth);
// Values that mostly repeat: binary segmentation, each split judged by shuffling its segment.
std::vector<FoundChange> search_by_shuffling(std::span<const double> values, double level);

}  // namespace aios::stats
