// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/stats/quantile.h"
#include "harness/stats/sample_check.h"

namespace aios::stats {
namespace {

// About the median, so that large values do not eat the digits of small differences.
Result<std::vector<double>> centred(std::span<const double> values) {
  TRY(check_sample(values, "the window"));
  if (values.size() > kEnergyLimit) {
    return config_error(fmt::format("a window of {} values is over the limit of {}", values.size(), kEnergyLimit));
  }
  const double middle = median(values);
  std::vector<double> out(values.begin(), values.end());
  for (double& value : out) value -= middle;
  return out;
}

}  // namespace

Result<std::optional<EnergySplit>> best_energy_split(std::span<const double> window) {
  if (window.size() < 2) return std::optional<EnergySplit>();
  const std::vector<double> z = TRY(centred(window));
  const std::size_t n = z.size();
  // from[j * n + t]: the distances of z[j] to z[t..j); within[k]: all distances within z[0..k).
  std::vector<double> from(n * n, 0), within(n + 1, 0);
  for (std::size_t j = 1; j < n; ++j) {
    for (std::size_t t = j; t-- > 0;) from[j * n + t] = (t + 1 < j ? from[j * n + t + 1] : 0) + std::fabs(z[t] - z[j]);
  }
  for (std::size_t k = 2; k <= n; ++k) within[k] = within[k - 1] + from[(k - 1) * n];

  EnergySplit best;
  bool any = false;
  for (std::size_t tau = 1; tau < n; ++tau) {
    const double before = within[tau];
    double after = 0;
    for (std::size_t end = tau + 1; end <= n; ++end) {
      if (end - 1 > tau) after += from[(end - 1) * n + tau];
      const double across = within[end] - before - after;
      const auto x = static_cast<double>(tau);
      const auto y = static_cast<double>(end - tau);
      double q = 2 / (x + y) * across;
      if (tau > 1) q -= 2 * y / ((x + y) * (x - 1)) * before;
      if (end - tau > 1) q -= 2 * x / ((x + y) * (y - 1)) * after;
      if (!any || q > best.divergence) best = {tau, end, q};
      any = true;
    }
  }
  return std::optional<EnergySplit>(best);
}

Result<std::optional<EnergySplit>> best_energy_cut(std::span<const double> values, std::size_t least) {
  const std::size_t edge = std::max<std::size_t>(least, 1);
  if (values.size() < 2 * edge) return std::optional<EnergySplit>();
  const std::vector<double> z = TRY(centred(values));
  const std::size_t n = z.size();
  double before = 0, across = 0, after = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) after += std::fabs(z[i] - z[j]);
  }
  EnergySplit best;
  bool any = false;
  for (std::size_t moved = 0; moved + edge < n; ++moved) {  // z[moved] goes over to the side before
    double to_left = 0, to_right = 0;
    for (std::size_t i = 0; i < moved; ++i) to_left += std::fabs(z[i] - z[moved]);
    for (std::size_t j = moved + 1; j < n; ++j) to_right += std::fabs(z[j] - z[moved]);
    across += to_right - to_left;
    before += to_left;
    after -= to_right;
    const std::size_t tau = moved + 1;
    if (tau < edge) continue;
    const auto x = static_cast<double>(tau);
    const auto y = static_cast<double>(n - tau);
    const double t = x * y / (x + y) * (2 * across / (x * y) - 2 * before / (x * x) - 2 * after / (y * y));
    if (!any || t > best.divergence) best = {tau, n, t};
    any = true;
  }
  return std::optional<EnergySplit>(best);
}

}  // namespace aios::stats
