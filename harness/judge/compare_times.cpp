// SPDX-License-Identifier: Apache-2.0
// Times. The sample is the boot: per-boot figures, exact Mann-Whitney test, Hodges-Lehmann ratio with its exact
// interval. "No worse" has to be earned: only an interval that lies within the margin says so.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "harness/judge/metric_pair.h"
#include "harness/stats/hodges_lehmann.h"
#include "harness/stats/mann_whitney.h"
#include "harness/stats/quantile.h"
#include "harness/stats/u_distribution.h"

namespace aios {
namespace {

std::vector<double> per_boot(const std::vector<const Sample*>& samples) {
  std::map<int, std::vector<double>> boots;
  for (const Sample* sample : samples) {
    if (!sample->skipped) boots[sample->boot].push_back(sample->value);
  }
  std::vector<double> out;
  out.reserve(boots.size());
  for (const auto& [boot, values] : boots) out.push_back(stats::median(values));
  return out;
}

void take_warnings(const std::vector<std::string>& from, ComparisonRow& row) {
  row.warnings.insert(row.warnings.end(), from.begin(), from.end());
}

std::string percent(double ratio) { return fmt::format("{:+.2f} %", 100 * (ratio - 1)); }

}  // namespace

void compare_times(const MetricPair& pair, const CompareOptions& options, ComparisonRow& row) {
  const std::vector<double> first = per_boot(pair.first);
  const std::vector<double> second = per_boot(pair.second);
  row.first_samples = static_cast<int>(first.size());
  row.second_samples = static_cast<int>(second.size());
  const auto test = stats::mann_whitney(first, second);
  const auto shift = stats::hodges_lehmann_shift(first, second, options.confidence);
  if (!test.ok() || !shift.ok()) {
    row.reason = (test.ok() ? shift.error() : test.error()).what;
    return;
  }
  row.first = stats::median(first);
  row.second = stats::median(second);
  row.difference = shift->value;
  row.p = test->p;
  row.confidence = shift->interval.attained;
  take_warnings(test->warnings, row);

  const auto ratio = stats::hodges_lehmann_ratio(first, second, options.confidence);
  if (!ratio.ok()) {  // what measuring cost was more than what was measured
    row.change = Change::inconclusive;
    row.reason = "a figure is not above zero, so there is no ratio";
    return;
  }
  row.ratio = ratio->value;
  if (ratio->interval.bounded() && ratio->interval.low > 0) {
    row.ratio_low = ratio->interval.low;
    row.ratio_high = ratio->interval.high;
  }
  if (test->smallest_p > options.alpha) {
    row.change = Change::inconclusive;
    row.reason = fmt::format("{} against {} boots cannot decide at {}: {} a side can", first.size(), second.size(),
                             options.alpha, stats::samples_needed(options.alpha));
    return;
  }
  take_warnings(ratio->interval.warnings, row);
  const double margin = std::log1p(options.timed_margin);
  const bool beyond = std::fabs(std::log(ratio->value)) > margin;
  if (test->p <= options.alpha && beyond) {
    row.change = change_of(std::log(ratio->value), row.direction);
    return;
  }
  const bool within = row.ratio_low && std::log(*row.ratio_low) > -margin && std::log(*row.ratio_high) < margin;
  if (within) {
    row.change = Change::same;
    row.reason = fmt::format("no more than {:g} % apart", 100 * options.timed_margin);
    return;
  }
  row.change = Change::inconclusive;
  row.reason = row.ratio_low ? fmt::format("anything from {} to {} would fit; more boots decide",
                                           percent(*row.ratio_low), percent(*row.ratio_high))
                             : "too few boots to bound the change";
}

}  // namespace aios
