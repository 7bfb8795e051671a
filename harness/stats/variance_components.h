// SPDX-License-Identifier: Apache-2.0
// How to spend an hour: many boots with few iterations each, or few with many? From boots that each ran some
// iterations, how much of the variance lies between boots and how much between the iterations of one (Kalibera and
// Jones), and how many iterations a boot is worth at what each costs.
#pragma once

#include <span>
#include <vector>

#include "harness/support/result.h"

namespace aios::stats {

struct VarianceComponents {
  double between_boots = 0;       // T2 squared; 0 where the iterations explain it all
  double between_iterations = 0;  // T1 squared
  double iterations_a_boot = 0;   // mean, harmonic where boots differ
};

// At least two boots, one of them with at least two iterations.
Result<VarianceComponents> variance_components(std::span<const std::vector<double>> boots);

// ceil(sqrt(cost of a boot / cost of an iteration * T1^2 / T2^2)), within 1 and `most`.
int iterations_worth(const VarianceComponents& components, double boot_cost, double iteration_cost,
                     int most = 1'000'000);

}  // namespace aios::stats
