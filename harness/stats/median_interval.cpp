// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/median_interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/quantile.h"
#include "harness/stats/sample_check.h"

namespace aios::stats {
namespace {

// Binomial(n, 1/2), one neighbour at a time from its mode outwards.
double mode_mass(double n, double k) {
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) - n * std::log(2.0));
}

}  // namespace

Result<Estimate> median_interval(std::span<const double> values, double confidence) {
  TRY(check_sample(values, "the sample"));
  if (!(confidence > 0 && confidence < 1)) return config_error(fmt::format("{} is no confidence", confidence));
  const std::vector<double> ascending = sorted(values);
  const auto n = static_cast<long>(ascending.size());

  // The median lies in [x_(k), x_(k+1)) when k values lie below it; x_(0) and x_(n+1) are infinite.
  long low = (n + 2) / 2 - 1;
  long high = low + 1;
  double low_mass = mode_mass(static_cast<double>(n), static_cast<double>(low));
  double high_mass = low_mass;
  double sum = low_mass;
  const auto below = [&] {
    return low > 0 ? low_mass * static_cast<double>(low) / static_cast<double>(n - low + 1) : 0;
  };
  const auto above = [&] {
    return high <= n ? high_mass * static_cast<double>(n - high + 1) / static_cast<double>(high) : 0;
  };
  while (sum < confidence && (low > 0 || high <= n)) {
    const double left = below();
    const double right = above();
    // Equal but for rounding goes to the left, so that the interval does not depend on it.
    if (low > 0 && left >= right * (1 - 1e-9)) {
      --low;
      low_mass = left;
      sum += left;
    } else {
      high_mass = right;
      ++high;
      sum += right;
    }
  }
  Estimate out;
  out.value = quantile_of_sorted(ascending, 0.5);
  out.interval.asked = confidence;
  out.interval.attained = std::min(1.0, sum);
  if (low > 0) out.interval.low = ascending[static_cast<std::size_t>(low - 1)];
  if (high <= n) out.interval.high = ascending[static_cast<std::size_t>(high - 1)];
  if (!out.interval.bounded()) {
    out.interval.warnings.push_back(fmt::format("{} values cannot bound a median at {:.4g} %; {} can", n,
                                                100 * confidence, median_samples_needed(confidence)));
  }
  return out;
}

int median_samples_needed(double confidence) {
  int n = 2;
  while (n < 1000 && 1 - std::pow(0.5, n - 1) < confidence) ++n;
  return n;
}

}  // namespace aios::stats
