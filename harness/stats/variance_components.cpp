// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/variance_components.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/sample_check.h"

namespace aios::stats {
namespace {

double mean_of(std::span<const double> values) {
  double mean = 0;
  double count = 0;
  for (const double value : values) mean += (value - mean) / ++count;
  return mean;
}

// About the mean, in a second pass.
double squares_about(std::span<const double> values, double mean) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

}  // namespace

Result<VarianceComponents> variance_components(std::span<const std::vector<double>> boots) {
  if (boots.size() < 2) return config_error("the variance between boots needs two boots");
  std::vector<double> means;
  double within = 0, within_freedom = 0, inverse_sizes = 0;
  for (std::size_t i = 0; i < boots.size(); ++i) {
    TRY(check_sample(boots[i], fmt::format("boot {}", i)));
    means.push_back(mean_of(boots[i]));
    within += squares_about(boots[i], means.back());
    within_freedom += static_cast<double>(boots[i].size()) - 1;
    inverse_sizes += 1 / static_cast<double>(boots[i].size());
  }
  if (within_freedom < 1) return config_error("the variance between iterations needs a boot with two of them");
  VarianceComponents out;
  out.iterations_a_boot = static_cast<double>(boots.size()) / inverse_sizes;
  out.between_iterations = within / within_freedom;
  const double of_means = squares_about(means, mean_of(means)) / static_cast<double>(means.size() - 1);
  out.between_boots = std::max(0.0, of_means - out.between_iterations / out.iterations_a_boot);
  return out;
}

int iterations_worth(const VarianceComponents& components, double boot_cost, double iteration_cost, int most) {
  if (components.between_iterations <= 0 || !(boot_cost > 0)) return 1;
  if (components.between_boots <= 0 || !(iteration_cost > 0)) return most;
  const double best = std::sqrt(boot_cost / iteration_cost * components.between_iterations / components.between_boots);
  return static_cast<int>(std::clamp(std::ceil(best), 1.0, static_cast<double>(most)));
}

}  // namespace aios::stats
