// SPDX-License-Identifier: Apache-2.0
// The noise of a series that may have steps in it: read from the differences of neighbours, of which a step touches one
// and a spike two, so that neither makes the noise look larger than it is.
#pragma once

#include <span>
#include <vector>

namespace aios::stats {

struct SeriesNoise {
  double deviation = 0;  // robust; 0 where more than half of the neighbours are equal
  double alike = 0;  // how much neighbours resemble each other (lag-1 correlation), 0 unless clearly more than chance
  // What a t is worth when neighbours are alike: 1 for independent noise.
  double worth() const;
};

SeriesNoise series_noise(std::span<const double> values);

// Spikes drawn in to four deviations from the median of their seven neighbours. A step is none: half of its neighbours
// are with it.
struct Tamed {
  std::vector<double> values;
  int spikes = 0;
};
Tamed tame_spikes(std::span<const double> values, double deviation);

}  // namespace aios::stats
