// SPDX-License-Identifier: Apache-2.0
// Times under the gate. Red needs two things: that all tests of the gate together say so (q), and that the estimate
// lies beyond the margin. Green needs one: the interval ends below the margin. Between the two nothing was shown.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/judge/boot_times.h"
#include "harness/judge/gate_row.h"
#include "harness/stats/normal.h"
#include "harness/stats/power.h"

namespace aios {
namespace {

constexpr double kRankEfficiency = 0.977;  // of the rank tests' estimate on normal noise, as a factor of the sd
constexpr int kMostBoots = 2000;

double percent_of_log(double log_ratio) { return 100 * std::expm1(log_ratio); }

struct TimedPlan {
  stats::Design design = stats::Design::two_samples;
  int boots = 0;
  double noise = 0;
  double level = 0.05;
};

// The shift (of the log) that is both significant and estimated beyond the margin in `power` of all cases.
double caught(const TimedPlan& plan, double margin, double power, ShiftMemo& shifts) {
  const double sides = plan.design == stats::Design::paired_blocks ? 1 : 2;
  const double spread = plan.noise * std::sqrt(sides / std::max(1, plan.boots)) / kRankEfficiency;
  const double significant = plan.noise * shifts.detectable(plan.design, plan.boots, plan.level, power);
  return std::max(significant, margin + stats::normal_quantile(power) * spread);
}

// So many boots that an interval around `shift` ends below the margin, or 0 where that is not to be had.
int boots_to_show(const TimedPlan& plan, double shift, double margin, double confidence) {
  const double room = margin - std::max(0.0, shift);  // that it looks better is chance, until it is shown
  if (room <= 0 || plan.noise <= 0) return 0;
  const double sides = plan.design == stats::Design::paired_blocks ? 1 : 2;
  const double wide = stats::normal_quantile(0.5 + confidence / 2) * plan.noise / kRankEfficiency;
  const double boots = std::ceil(sides * wide * wide / (room * room)) + 2;
  return boots > kMostBoots ? 0 : std::max(6, static_cast<int>(boots));
}

std::string takes_of(const TimedPlan& plan, double shift, double margin, const GatePolicy& policy) {
  int boots = shift < margin ? boots_to_show(plan, shift, margin, policy.confidence) : 0;
  if (shift > margin) {
    boots = 6;  // by the formula: this is a hint, and asked of every row
    while (boots < kMostBoots &&
           stats::planned_shift(plan.design, boots, plan.level, policy.power) * plan.noise > shift) {
      ++boots;
    }
    if (boots == kMostBoots) boots = 0;
  }
  if (boots <= plan.boots) boots = boots == 0 ? 0 : plan.boots + 2;
  if (boots == 0) return "a quieter machine, or a wider margin: it lies on the margin itself";
  return fmt::format("about {} boots a side instead of {}: --boots {}", boots, plan.boots, boots);
}

}  // namespace

void gate_times(const GateMetric& metric, const GatePolicy& policy, std::size_t tests, GateRow& row) {
  const ComparisonRow& figures = row.figures;
  const int sign = worse_sign(figures.direction);
  const GateRule& rule = *metric.rule;
  double percent = rule.margin_percent.value_or(policy.timed_margin_percent);
  const double base = figures.first.value_or(0);
  if (rule.margin_absolute && base > 0) {
    const double absolute = 100 * *rule.margin_absolute / base;
    percent = rule.margin_percent ? std::max(percent, absolute) : absolute;
  }
  const double fence = 100 * metric.learned_fence.value_or(0);
  if (metric.learned_fence) row.fence_percent = fence;
  const bool said = rule.margin_percent || rule.margin_absolute;
  if (!said) percent = std::max(percent, fence);
  const bool promised = fence <= percent;
  row.margin_percent = percent;
  const double margin = std::log1p(percent / 100);

  const BootTimes times = boot_times(metric.pair);
  TimedPlan plan;
  plan.design = times.paired ? stats::Design::paired_blocks : stats::Design::two_samples;
  plan.boots = static_cast<int>(std::min(times.first.size(), times.second.size()));
  plan.level = policy.level / static_cast<double>(std::max<std::size_t>(1, tests));
  const auto noise = log_noise(times);
  plan.noise = noise.value_or(0);
  if (noise && sign != 0) {
    const double shift = caught(plan, margin, policy.power, *metric.shifts);
    if (std::isfinite(shift)) row.catches_percent = percent_of_log(shift);
  }
  if (!figures.ratio) {
    row.verdict = GateVerdict::inconclusive;
    row.reason = figures.reason.empty() ? "there is no ratio" : figures.reason;
    row.takes = "more boots: --boots";
    return;
  }
  const double shift = std::log(*figures.ratio);
  const bool significant = row.q && *row.q <= policy.level;
  if (sign == 0) {
    row.verdict = GateVerdict::not_judged;
    if (significant) row.reason = "it differs, and nobody said which way is better";
    return;
  }
  const double worse = sign * shift;
  std::optional<double> most;
  std::optional<double> least;
  if (figures.ratio_low && figures.ratio_high) {
    most = sign > 0 ? std::log(*figures.ratio_high) : -std::log(*figures.ratio_low);
    least = sign > 0 ? std::log(*figures.ratio_low) : -std::log(*figures.ratio_high);
    row.shown_percent = percent_of_log(*most);
  }
  const double beyond = std::max(margin, std::log1p(fence / 100));
  const double decides = rule.strict ? least.value_or(-1) : worse;
  if (significant && decides > beyond) {
    row.verdict = GateVerdict::fail;
    row.reason = fmt::format("{:+.2f} % and beyond chance (q = {:.2g})", percent_of_log(worse), *row.q);
    return;
  }
  if (most && *most < margin && promised) {
    row.verdict = GateVerdict::pass;
    return;
  }
  row.verdict = GateVerdict::inconclusive;
  if (!promised) {
    row.reason = fmt::format("this machine alone moves it by {:.2f} %: a margin of {:.2f} % cannot be shown here",
                             fence, percent);
    row.takes = "a margin above that, or a quieter machine";
    return;
  }
  row.reason = most ? fmt::format("anything from {:+.2f} % to {:+.2f} % would fit", percent_of_log(*least),
                                  percent_of_log(*most))
                    : "too few boots to bound the change";
  if (plan.noise > 0) row.takes = takes_of(plan, worse, margin, policy);
}

}  // namespace aios
