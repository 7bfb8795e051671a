// SPDX-License-Identifier: Apache-2.0
// Counts and sizes. On the steady path of a loop one instruction is one instruction, so any difference counts; a boot
// moves with null changes, so a single pair of boots must differ by more than those are known to make. An instruction
// is not a cost: where the heavy events go the other way, only a real processor can tell.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/judge/metric_pair.h"
#include "harness/stats/quantile.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// What null changes do to a boot. Provisional, until a calibration teaches each kernel's own: one more word on the
// command line has been seen to move the arrival at PID 1 by 149,480 instructions (of a small kernel: twice that), and
// 2 MiB more memory a boot of 177 million by 2,810,324 (1.6 %) and its initcalls by 2,362,830 (1.95 %).
constexpr double kBootFence = 300'000;
constexpr double kBootFenceShare = 0.02;
// Six pairs that all point the same way do so by chance one time in 32.
constexpr std::size_t kPairsThatDecide = 6;

struct Figures {
  double first = 0, second = 0;
  std::vector<double> differences;  // ascending
};

std::map<int, double> by_perturbation(const std::vector<const Sample*>& samples) {
  std::map<int, std::vector<double>> values;
  for (const Sample* sample : samples) {
    if (!sample->skipped && std::isfinite(sample->value)) values[sample->perturbation].push_back(sample->value);
  }
  std::map<int, double> out;
  for (const auto& [perturbation, group] : values) out[perturbation] = stats::median(group);
  return out;
}

Figures figures_of(const MetricPair& pair, const std::vector<PerturbationPair>& perturbations) {
  const auto first = by_perturbation(pair.first);
  const auto second = by_perturbation(pair.second);
  Figures out;
  for (const PerturbationPair& both : perturbations) {
    const auto a = first.find(both.first);
    const auto b = second.find(both.second);
    if (a == first.end() || b == second.end()) continue;
    if (out.differences.empty()) {
      out.first = a->second;
      out.second = b->second;
    }
    out.differences.push_back(b->second - a->second);
  }
  std::sort(out.differences.begin(), out.differences.end());
  return out;
}

bool steady_loop(const ComparisonRow& row) { return row.unit == Unit::instructions && row.scenario != "boot"; }

bool moves_with_null_changes(const ComparisonRow& row) {
  const bool counted = row.unit == Unit::instructions || row.unit == Unit::virtual_time;
  return counted && (row.scenario == "boot" || row.fidelity == Fidelity::counted);
}

const CountVector* counts_of(const std::vector<const Sample*>& samples) {
  for (const Sample* sample : samples) {
    if (sample->perturbation == 0 && sample->counts) return &*sample->counts;
  }
  return nullptr;
}

std::vector<ClassChange> class_changes(const MetricPair& pair) {
  const CountVector* first = counts_of(pair.first);
  const CountVector* second = counts_of(pair.second);
  std::vector<ClassChange> out;
  if (first == nullptr || second == nullptr) return out;
  for (std::size_t i = 1; i < kCountClasses; ++i) {  // 0 is the instructions themselves
    const auto which = static_cast<CountClass>(i);
    const auto& a = (*first)[which];
    const auto& b = (*second)[which];
    if (a && b && *a != *b) out.push_back({which, *a, *b});
  }
  return out;
}

// What the classes say against a change of the instructions by `difference`, or "".
std::string against_the_trend(const std::vector<ClassChange>& classes, double difference) {
  std::vector<std::string> against;
  for (const ClassChange& entry : classes) {
    const auto delta = static_cast<double>(entry.second - entry.first);
    const bool opposed = difference == 0 || (delta > 0) != (difference > 0);
    // An iteration of a rep instruction is about as cheap as an instruction; it only counts where it outweighs them.
    const bool weighs = is_heavy(entry.which) || std::fabs(delta) > std::fabs(difference);
    if (opposed && weighs) {
      against.push_back(fmt::format("{} {:+}", to_string(entry.which), entry.second - entry.first));
    }
  }
  if (against.empty()) return "";
  const char* trend = difference < 0   ? "fewer instructions, but"
                      : difference > 0 ? "more instructions, but"
                                       : "as many instructions, but";
  return fmt::format("{} {}: needs timed", trend, join(against, ", "));
}

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
  const Figures figures = figures_of(pair, perturbations);
  if (figures.differences.empty()) {
    row.reason = "the runs share no perturbation of this metric";
    return;
  }
  const double low = figures.differences.front();
  const double high = figures.differences.back();
  const double middle = stats::quantile_of_sorted(figures.differences, 0.5);
  row.pairs = static_cast<int>(figures.differences.size());
  row.first = figures.first;
  row.second = figures.second;
  row.difference = figures.second - figures.first;
  if (figures.first > 0) row.ratio = figures.second / figures.first;
  if (row.pairs > 1) {
    row.difference_low = low;
    row.difference_high = high;
  }
  if (row.unit == Unit::instructions) row.classes = class_changes(pair);

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
  const double fence = std::max(kBootFence, kBootFenceShare * std::fabs(figures.first));
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
