// SPDX-License-Identifier: Apache-2.0
// One counted metric of two runs, perturbation by perturbation: both sides under the same null change, so that what the
// null change does goes out in the difference, and what it does to one side says how far a difference may be trusted.
#pragma once

#include <vector>

#include "harness/judge/metric_pair.h"

namespace aios {

struct PairedCounts {
  double first = 0, second = 0;     // of the first pair, the unperturbed one where both have it
  std::vector<double> differences;  // second - first, ascending

  bool empty() const { return differences.empty(); }
  double low() const { return differences.front(); }
  double high() const { return differences.back(); }
  double middle() const;
};

PairedCounts paired_counts(const MetricPair& pair, const std::vector<PerturbationPair>& perturbations);

// How far a side moves without the kernel having changed: highest less lowest over its boots. More memory is a null
// change for a loop, but a size or a boot follows it: `with_memory` says whether those boots belong.
double null_spread(const std::vector<const Sample*>& samples, const std::vector<Perturbation>& perturbations,
                   bool with_memory);

// What differs in the median iteration besides the instructions, and does so the same way under every perturbation.
std::vector<ClassChange> steady_class_changes(const MetricPair& pair,
                                              const std::vector<PerturbationPair>& perturbations);

// What the classes say against a change of the instructions by `difference`, or "".
std::string against_the_trend(const std::vector<ClassChange>& classes, double difference);

}  // namespace aios
