// SPDX-License-Identifier: Apache-2.0
// Counts and sizes under the gate. Worse is what is worse in every pair, and by more than null changes make by
// themselves. A margin below what null changes make cannot be promised, and is not.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/judge/gate_row.h"
#include "harness/judge/null_fence.h"
#include "harness/judge/paired_counts.h"

namespace aios {
namespace {

// Six null changes do not show all that null changes can do; where they move a figure at all, the next may move it
// more.
constexpr double kBeyondWhatWasSeen = 1.5;

double percent_of(double value, double base) { return base == 0 ? 0 : 100 * value / std::fabs(base); }

bool repeats_itself(const ComparisonRow& row) {
  return row.fidelity == Fidelity::exact || row.fidelity == Fidelity::counted;
}

double fence_of(const GateMetric& metric, const ComparisonRow& figures, double base) {
  const bool loop = steady_loop(figures);
  double fence = kBeyondWhatWasSeen * std::max(null_spread(metric.pair.first, metric.first->perturbations, loop),
                                               null_spread(metric.pair.second, metric.second->perturbations, loop));
  if (metric.learned_fence) {
    // A boot's spread is mostly the null changes' own work, which is the same on both sides.
    const double learned = *metric.learned_fence * std::fabs(base);
    return moves_with_null_changes(figures) ? learned : std::max(fence, learned);
  }
  if (moves_with_null_changes(figures)) fence = std::max(fence, boot_fence(base));
  return fence;
}

struct Allowance {
  double fence = 0, allowed = 0;
  bool promised = true;  // false: the margin is below what null changes make
};

Allowance allowance_of(const GateMetric& metric, const ComparisonRow& figures, double base) {
  Allowance out;
  out.fence = fence_of(metric, figures, base);
  const GateRule& rule = *metric.rule;
  if (!rule.margin_percent && !rule.margin_absolute) {
    out.allowed = out.fence;
    return out;
  }
  out.allowed = std::max(rule.margin_percent.value_or(0) / 100 * std::fabs(base), rule.margin_absolute.value_or(0));
  out.promised = out.fence <= out.allowed;
  return out;
}

// Heavy classes against the instructions' trend, or more of them where the instructions alone would pass.
std::string heavy_doubt(const ComparisonRow& figures, double difference) {
  std::string against = against_the_trend(figures.classes, difference);
  if (!against.empty()) return against;
  for (const ClassChange& entry : figures.classes) {
    if (!is_heavy(entry.which) || entry.second <= entry.first) continue;
    return fmt::format("within the margin, but {} {:+}: needs timed", to_string(entry.which),
                       entry.second - entry.first);
  }
  return "";
}

// A loop does not care how much memory there is. A boot and a size do, and not evenly: 2 MiB more have moved one boot
// by +1.8 % and, with a word more in its initramfs, by -1.1 %. Such a pair says nothing of them.
std::vector<PerturbationPair> pairs_that_speak(const GateMetric& metric, const ComparisonRow& figures) {
  if (steady_loop(figures)) return metric.perturbations;
  const auto more_memory = [](const RunRecord& run, int index) {
    return std::any_of(run.perturbations.begin(), run.perturbations.end(), [index](const Perturbation& change) {
      return change.index == index && change.memory_mb_added != 0;
    });
  };
  std::vector<PerturbationPair> out;
  for (const PerturbationPair& pair : metric.perturbations) {
    if (!more_memory(*metric.first, pair.first) && !more_memory(*metric.second, pair.second)) out.push_back(pair);
  }
  return out;
}

}  // namespace

void gate_counts(const GateMetric& metric, GateRow& row) {
  const PairedCounts counts = paired_counts(metric.pair, pairs_that_speak(metric, row.figures));
  if (counts.empty()) {
    row.verdict = GateVerdict::inconclusive;
    row.reason = "the two runs share no null change of this metric";
    return;
  }
  const ComparisonRow& figures = row.figures;
  const int sign = worse_sign(figures.direction);
  const double base = counts.first;
  const Allowance allowance = allowance_of(metric, figures, base);
  row.margin_value = allowance.allowed;
  row.margin_percent = percent_of(allowance.allowed, base);
  row.fence_percent = percent_of(allowance.fence, base);
  // The smallest step beyond.
  const double step = std::max(allowance.allowed, allowance.fence) + 1;
  if (sign != 0 && base != 0) row.catches_percent = percent_of(step, base);
  if (sign == 0) {
    row.verdict = GateVerdict::not_judged;
    if (counts.middle() != 0) row.reason = "it differs, and nobody said which way is better";
    return;
  }
  const double most = sign > 0 ? counts.high() : -counts.low();   // the worst of the pairs
  const double least = sign > 0 ? counts.low() : -counts.high();  // the best
  const double middle = sign * counts.middle();
  row.shown_percent = percent_of(most, base);
  if (steady_loop(figures)) {
    const bool would_fail = least > 0 && middle > std::max(allowance.allowed, allowance.fence);
    const std::string doubt =
        would_fail ? against_the_trend(figures.classes, counts.middle()) : heavy_doubt(figures, counts.middle());
    if (!doubt.empty()) {
      row.verdict = GateVerdict::inconclusive;
      row.reason = doubt;
      row.takes = "a machine that measures real time: --mode timed";
      return;
    }
  }
  if (least > 0 && middle > std::max(allowance.allowed, allowance.fence)) {
    row.verdict = GateVerdict::fail;
    row.reason =
        fmt::format("worse in {}, and by more than {}", counts.differences.size() > 1 ? "every pair" : "the pair",
                    allowance.allowed == 0 ? "nothing" : "its margin");
    if (allowance.allowed == 0) row.reason = fmt::format("{} more than before", format_value(middle, figures.unit));
    return;
  }
  if (most <= allowance.allowed && (allowance.promised || most + allowance.fence <= allowance.allowed)) {
    row.verdict = GateVerdict::pass;
    return;
  }
  row.verdict = GateVerdict::inconclusive;
  if (!allowance.promised) {
    row.reason = fmt::format("null changes alone move it by {:.2f} %: a margin of {:.2f} % cannot be shown here",
                             *row.fence_percent, row.margin_percent);
    row.takes = "a margin above that, or a calibration that teaches a smaller fence";
    return;
  }
  row.reason = fmt::format("over {} pairs between {:+.3f} % and {:+.3f} % worse", counts.differences.size(),
                           percent_of(least, base), percent_of(most, base));
  row.takes = repeats_itself(figures) ? "more null changes on both sides: --perturb" : "more boots of both sides";
}

}  // namespace aios
