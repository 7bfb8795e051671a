// SPDX-License-Identifier: Apache-2.0
// Counts and sizes. On the steady path of a loop one instruction is one instruction, so any difference counts; a boot
// moves with null changes, so a single pair of boots must differ by more than those are known to make. An instruction
// is not a cost: where the heavy events go the other way, only a real processor can tell.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/judge/null_fence.h"
#include "harness/judge/paired_counts.h"

namespace aios {
namespace {

// Six pairs that all point the same way do so by chance one time in 32.
constexpr std::size_t kPairsThatDecide = 6;

// Sizes that were read on a machine that does not repeat itself: only what lies apart is a difference.
bool overlapping(const MetricPair& pair) {
  const auto range = [](const std::vector<const Sample*>& samples) {
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end(),
                                                 [](const Sample* a, const Sample* b) { return a->value < b->value; });
    return std::pair((*low)->value, (*high)->value);
  };
  const auto [first_low, first_high] = range(pair.first);
  const auto [second_low, second_high] = range(pair.second);
  return first_low <= second_high && second_low <= first_high;
}

}  // namespace

void compare_counts(const MetricPair& pair, const std::vector<PerturbationPair>& perturbations, ComparisonRow& row) {
  const PairedCounts figures = paired_counts(pair, perturbations);
  if (figures.empty()) {
    row.reason = "the runs share no perturbation of this metric";
    return;
  }
  const double low = figures.low();
  const double high = figures.high();
  const double middle = figures.middle();
  row.pairs = static_cast<int>(figures.differences.size());
  row.first = figures.first;
  row.second = figures.second;
  row.difference = figures.second - figures.first;
  if (figures.first > 0) row.ratio = figures.second / figures.first;
  if (row.pairs > 1) {
    row.difference_low = low;
    row.difference_high = high;
  }
  if (row.unit == Unit::instructions) row.classes = steady_class_changes(pair, perturbations);

  if (low < 0 && high > 0) {
    row.change = Change::inconclusive;
    row.reason = fmt::format("over {} perturbations the difference goes from {:+} to {:+}", row.pairs, low, high);
    return;
  }
  const double far = std::fabs(low) > std::fabs(high) ? low : high;
  row.change = change_of(far, row.direction);
  if (steady_loop(row)) {
    const std::string against = against_the_trend(row.classes, *row.difference);
    if (!against.empty()) {
      row.change = Change::inconclusive;
      row.reason = against;
      return;
    }
  }
  if (row.change == Change::same) return;
  const double fence = boot_fence(figures.first);
  if (moves_with_null_changes(row) && std::fabs(middle) <= fence && figures.differences.size() < kPairsThatDecide) {
    row.change = Change::inconclusive;
    row.reason =
        fmt::format("null changes alone move a boot by as much (up to {:.0f}); --perturb {} on both sides decides",
                    fence, kPairsThatDecide - 1);
    return;
  }
  const bool repeatable = row.fidelity == Fidelity::exact || row.fidelity == Fidelity::counted;
  if (!repeatable && overlapping(pair)) {
    row.change = Change::inconclusive;
    row.reason = "the two sides overlap, and this machine does not repeat itself exactly";
  }
}

}  // namespace aios
