// SPDX-License-Identifier: Apache-2.0
// Times. The sample is the boot: per-boot figures, exact Mann-Whitney test (signed-rank where the two runs share their
// blocks), Hodges-Lehmann ratio with its exact interval. "No worse" has to be earned: only an interval that lies within
// the margin says so.
#include <fmt/format.h>

#include <cmath>

#include "harness/judge/boot_times.h"
#include "harness/stats/hodges_lehmann.h"
#include "harness/stats/mann_whitney.h"
#include "harness/stats/quantile.h"
#include "harness/stats/signed_rank.h"
#include "harness/stats/u_distribution.h"

namespace aios {
namespace {

// What either test says of a pair of samples.
struct Tested {
  double p = 1, smallest_p = 1;
  double shift = 0;
  std::vector<std::string> warnings;
  std::optional<stats::Estimate> ratio;  // none where a figure is not above zero
};

Result<Tested> test_apart(const BootTimes& times, double confidence) {
  const auto test = TRY(stats::mann_whitney(times.first, times.second));
  const auto shift = TRY(stats::hodges_lehmann_shift(times.first, times.second, confidence));
  Tested out{test.p, test.smallest_p, shift.value, test.warnings, {}};
  auto ratio = stats::hodges_lehmann_ratio(times.first, times.second, confidence);
  if (ratio.ok()) out.ratio = std::move(*ratio);
  return out;
}

Result<Tested> test_blocks(const BootTimes& times, double confidence) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < times.first.size(); ++i) differences.push_back(times.second[i] - times.first[i]);
  // What is not positive has no ratio; the test then rests on the differences themselves.
  const auto logs = stats::log_ratios(times.first, times.second);
  const auto test = TRY(stats::signed_rank(logs.ok() ? *logs : differences));
  const auto shift = TRY(stats::walsh_shift(differences, confidence));
  Tested out{test.p, test.smallest_p, shift.value, test.warnings, {}};
  auto ratio = stats::walsh_ratio(times.first, times.second, confidence);
  if (ratio.ok()) out.ratio = std::move(*ratio);
  return out;
}

void take_warnings(const std::vector<std::string>& from, ComparisonRow& row) {
  row.warnings.insert(row.warnings.end(), from.begin(), from.end());
}

std::string percent(double ratio) { return fmt::format("{:+.2f} %", 100 * (ratio - 1)); }

}  // namespace

void compare_times(const MetricPair& pair, const CompareOptions& options, ComparisonRow& row) {
  const BootTimes times = boot_times(pair);
  row.first_samples = static_cast<int>(times.first.size());
  row.second_samples = static_cast<int>(times.second.size());
  const auto test = times.paired ? test_blocks(times, options.confidence) : test_apart(times, options.confidence);
  if (!test.ok()) {
    row.reason = test.error().what;
    return;
  }
  row.first = stats::median(times.first);
  row.second = stats::median(times.second);
  row.difference = test->shift;
  row.p = test->p;
  if (times.paired) row.pairs = row.first_samples;
  take_warnings(test->warnings, row);

  const auto& ratio = test->ratio;
  if (!ratio) {  // what measuring cost was more than what was measured
    row.change = Change::inconclusive;
    row.reason = "a figure is not above zero, so there is no ratio";
    return;
  }
  row.ratio = ratio->value;
  row.confidence = ratio->interval.attained;
  if (ratio->interval.bounded() && ratio->interval.low > 0) {
    row.ratio_low = ratio->interval.low;
    row.ratio_high = ratio->interval.high;
  }
  if (test->smallest_p > options.alpha) {
    row.change = Change::inconclusive;
    row.reason = times.paired
                     ? fmt::format("{} blocks cannot decide at {}", times.first.size(), options.alpha)
                     : fmt::format("{} against {} boots cannot decide at {}: {} a side can", times.first.size(),
                                   times.second.size(), options.alpha, stats::samples_needed(options.alpha));
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
