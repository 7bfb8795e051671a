// SPDX-License-Identifier: Apache-2.0
#include "reports/html/spread.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/stats/quantile.h"

namespace aios {
namespace {

constexpr std::int64_t kMostIterations = 1 << 20;  // a guest says how many there were
constexpr std::size_t kMostValues = 24;            // shown one by one
constexpr std::size_t kSpreadBins = 40;

using Times = std::map<double, std::int64_t>;

Times times_of(const Sample& sample) {
  Times times;
  for (const RunLength& run : sample.values) {
    if (std::isfinite(run.value) && run.times > 0) times[run.value] += run.times;
  }
  return times;
}

}  // namespace

std::optional<std::array<double, 5>> iteration_quantiles(const Sample& sample) {
  const Times times = times_of(sample);
  std::vector<double> ascending;
  std::int64_t total = 0;
  for (const auto& [value, count] : times) {
    if (count > kMostIterations - total) return std::nullopt;
    total += count;
    ascending.insert(ascending.end(), static_cast<std::size_t>(count), value);
  }
  if (total < 2) return std::nullopt;
  std::array<double, 5> out{0.01, 0.25, 0.5, 0.75, 0.99};
  for (double& q : out) q = stats::quantile_of_sorted(ascending, q);
  return out;
}

std::optional<IterationSpread> iteration_spread(const std::vector<const Sample*>& samples) {
  std::vector<Times> of_sample;
  Times all;
  for (const Sample* sample : samples) {
    of_sample.push_back(sample == nullptr ? Times() : times_of(*sample));
    for (const auto& [value, count] : of_sample.back()) all[value] = 0;
  }
  if (all.size() < 2) return std::nullopt;
  IterationSpread out;
  const double low = all.begin()->first;
  const double span = all.rbegin()->first - low;
  if (!std::isfinite(span)) return std::nullopt;
  const bool each = all.size() <= kMostValues;
  if (each) {
    for (const auto& [value, count] : all) out.values.push_back(value);
  } else {
    out.low = low;
    out.step = span / kSpreadBins;
  }
  for (const Times& times : of_sample) {
    std::vector<std::int64_t> counts(each ? out.values.size() : kSpreadBins, 0);
    for (const auto& [value, count] : times) {
      const auto at = each ? static_cast<std::size_t>(std::lower_bound(out.values.begin(), out.values.end(), value) -
                                                      out.values.begin())
                           : static_cast<std::size_t>((value - low) / span * kSpreadBins);
      counts[std::min(at, counts.size() - 1)] += count;
    }
    out.counts.push_back(std::move(counts));
  }
  return out;
}

}  // namespace aios
