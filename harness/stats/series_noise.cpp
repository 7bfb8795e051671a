// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/series_noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace aios::stats {
namespace {

constexpr std::size_t kReach = 3;
constexpr double kSpike = 4;
constexpr std::size_t kLeastForAlike = 200;
// Of independent noise the estimate of the correlation scatters by 1.9/sqrt(n), so this is past chance.
constexpr double kClearlyAlike = 6.7;
constexpr double kKeptDifferences = 0.85;  // steps and spikes are among the rest

std::vector<double> differences_at(std::span<const double> values, std::size_t lag) {
  std::vector<double> out(values.size() - lag);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::fabs(values[i + lag] - values[i]);
  return out;
}

// The mean square of all but the largest.
double kept_square(std::vector<double> differences) {
  const auto kept = static_cast<std::ptrdiff_t>(kKeptDifferences * static_cast<double>(differences.size()));
  std::nth_element(differences.begin(), differences.begin() + kept, differences.end());
  double sum = 0;
  for (auto at = differences.begin(); at != differences.begin() + kept; ++at) sum += *at * *at;
  return sum / static_cast<double>(kept);
}

// The median of the neighbours; of an even number the middle one that lies nearer to the value.
double local_median(std::span<const double> window, double value) {
  std::array<double, 2 * kReach + 1> near{};
  std::size_t held = 0;
  for (const double one : window) {  // seven at most: sorted as they come
    std::size_t at = held++;
    for (; at > 0 && near[at - 1] > one; --at) near[at] = near[at - 1];
    near[at] = one;
  }
  const double high = near[window.size() / 2];
  if (window.size() % 2 == 1) return high;
  return std::clamp(value, near[window.size() / 2 - 1], high);
}

}  // namespace

double SeriesNoise::worth() const { return std::sqrt((1 - alike) / (1 + alike)); }

SeriesNoise series_noise(std::span<const double> values) {
  SeriesNoise out;
  if (values.size() < 2) return out;
  std::vector<double> near = differences_at(values, 1);
  const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
  std::nth_element(near.begin(), middle, near.end());
  out.deviation = *middle / 0.95387;  // of normal noise the median distance of two values is 0.954 deviations
  if (values.size() >= kLeastForAlike && out.deviation > 0) {
    const double alike = std::min(kept_square(differences_at(values, 2)) / kept_square(std::move(near)) - 1, 0.95);
    if (alike > kClearlyAlike / std::sqrt(static_cast<double>(values.size()))) {
      out.alike = alike;
      out.deviation /= std::sqrt(1 - alike);
    }
  }
  return out;
}

Tamed tame_spikes(std::span<const double> values, double deviation) {
  Tamed out;
  out.values.assign(values.begin(), values.end());
  const double reach = kSpike * deviation;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t first = i < kReach ? 0 : i - kReach;
    const std::size_t end = std::min(values.size(), i + kReach + 1);
    std::size_t near = 0;
    for (std::size_t j = first; j < end; ++j) near += std::fabs(values[j] - values[i]) <= reach ? 1 : 0;
    if (2 * near > end - first) continue;  // then the median is near, too
    const double middle = local_median(values.subspan(first, end - first), values[i]);
    const double tamed = std::clamp(values[i], middle - reach, middle + reach);
    if (tamed == values[i]) continue;
    out.values[i] = tamed;
    ++out.spikes;
  }
  return out;
}

}  // namespace aios::stats
