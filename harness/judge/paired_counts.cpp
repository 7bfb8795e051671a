// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/paired_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/stats/quantile.h"
#include "harness/support/text.h"

namespace aios {
namespace {

bool usable(const Sample& sample) { return !sample.skipped && std::isfinite(sample.value); }

std::map<int, double> by_perturbation(const std::vector<const Sample*>& samples) {
  std::map<int, std::vector<double>> values;
  for (const Sample* sample : samples) {
    if (usable(*sample)) values[sample->perturbation].push_back(sample->value);
  }
  std::map<int, double> out;
  for (const auto& [perturbation, group] : values) out[perturbation] = stats::median(group);
  return out;
}

const CountVector* counts_of(const std::vector<const Sample*>& samples, int perturbation) {
  for (const Sample* sample : samples) {
    if (sample->perturbation == perturbation && sample->counts) return &*sample->counts;
  }
  return nullptr;
}

// nullopt: not counted on both sides, or no pair has counts.
std::optional<ClassChange> steady_change(const MetricPair& pair, const std::vector<PerturbationPair>& perturbations,
                                         CountClass which) {
  std::optional<ClassChange> out;
  for (const PerturbationPair& both : perturbations) {
    const CountVector* first = counts_of(pair.first, both.first);
    const CountVector* second = counts_of(pair.second, both.second);
    if (first == nullptr || second == nullptr) continue;
    const auto& a = (*first)[which];
    const auto& b = (*second)[which];
    if (!a || !b || *a == *b) return std::nullopt;
    if (out && (out->second > out->first) != (*b > *a)) return std::nullopt;
    if (!out) out = ClassChange{which, *a, *b};
  }
  return out;
}

}  // namespace

double PairedCounts::middle() const { return stats::quantile_of_sorted(differences, 0.5); }

PairedCounts paired_counts(const MetricPair& pair, const std::vector<PerturbationPair>& perturbations) {
  const auto first = by_perturbation(pair.first);
  const auto second = by_perturbation(pair.second);
  PairedCounts out;
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

double null_spread(const std::vector<const Sample*>& samples, const std::vector<Perturbation>& perturbations,
                   bool with_memory) {
  std::set<int> more_memory;
  for (const Perturbation& change : perturbations) {
    if (change.memory_mb_added != 0) more_memory.insert(change.index);
  }
  std::optional<double> low;
  std::optional<double> high;
  for (const Sample* sample : samples) {
    if (!usable(*sample) || (!with_memory && more_memory.contains(sample->perturbation))) continue;
    low = low ? std::min(*low, sample->value) : sample->value;
    high = high ? std::max(*high, sample->value) : sample->value;
  }
  return low ? *high - *low : 0;
}

std::vector<ClassChange> steady_class_changes(const MetricPair& pair,
                                              const std::vector<PerturbationPair>& perturbations) {
  std::vector<ClassChange> out;
  for (std::size_t i = 1; i < kCountClasses; ++i) {  // 0 is the instructions themselves
    if (const auto change = steady_change(pair, perturbations, static_cast<CountClass>(i))) out.push_back(*change);
  }
  return out;
}

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

}  // namespace aios
