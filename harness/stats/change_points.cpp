// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/change_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/stats/change_search.h"
#include "harness/stats/quantile.h"
#include "harness/stats/sample_check.h"
#include "harness/stats/series_noise.h"

namespace aios::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double middle_of(std::vector<double>& scratch, std::span<const double> values) {
  scratch.assign(values.begin(), values.end());
  const auto middle = scratch.begin() + static_cast<std::ptrdiff_t>(scratch.size() / 2);
  std::nth_element(scratch.begin(), middle, scratch.end());
  if (scratch.size() % 2 == 1) return *middle;
  return (*std::max_element(scratch.begin(), middle) + *middle) / 2;
}

std::vector<ChangePoint> with_levels(std::span<const double> values, const std::vector<FoundChange>& found,
                                     double noise) {
  std::vector<ChangePoint> out;
  std::vector<double> scratch;
  double before = found.empty() ? 0 : middle_of(scratch, values.first(found.front().index));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t end = i + 1 < found.size() ? found[i + 1].index : values.size();
    ChangePoint point;
    point.index = found[i].index;
    point.p = found[i].p;
    point.before = before;
    point.after = middle_of(scratch, values.subspan(point.index, end - point.index));
    point.deviations = noise > 0 ? std::fabs(point.after - point.before) / noise : kInfinity;
    before = point.after;
    out.push_back(point);
  }
  return out;
}

}  // namespace

double ChangePoint::relative() const {
  if (before == 0) return after == 0 ? 0 : std::copysign(kInfinity, after);
  return (after - before) / std::fabs(before);
}

Result<ChangePoints> change_points(std::span<const double> values, const ChangeOptions& options) {
  if (!(options.level > 0 && options.level < 1)) return config_error(fmt::format("{} is no level", options.level));
  ChangePoints out;
  if (!values.empty()) TRY(check_sample(values, "the series"));
  if (values.size() < kLeastValues) {
    out.warnings.push_back(
        fmt::format("{} values are too few to tell a change from noise: {} are needed", values.size(), kLeastValues));
    return out;
  }
  const SeriesNoise noise = series_noise(values);
  if (noise.deviation == 0) {
    out.points = with_levels(values, search_by_shuffling(values, options.level), 0);
    if (std::any_of(values.begin(), values.end(), [&](double value) { return value != values[0]; })) {
      out.warnings.emplace_back("most values repeat the one before: judged by shuffling, not by the law of noise");
    }
    return out;
  }
  const Tamed tamed = tame_spikes(values, noise.deviation);
  out.noise = noise.deviation;
  out.alike = noise.alike;
  out.points = with_levels(values, search_intervals(tamed.values, options.level, noise.worth()), noise.deviation);
  if (noise.alike > 0) {
    out.warnings.push_back(
        fmt::format("neighbouring values are alike (correlation {:.2f}): drift, or runs that share a "
                    "cause; small steps are not told from it",
                    noise.alike));
  }
  if (static_cast<std::size_t>(tamed.spikes) * 50 > values.size()) {
    out.warnings.push_back(
        fmt::format("{} of {} values are spikes, drawn in before judging", tamed.spikes, values.size()));
  }
  return out;
}

}  // namespace aios::stats
