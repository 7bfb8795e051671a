// SPDX-License-Identifier: Apache-2.0
// One metric as both runs have it, ready to be compared, and the three ways of comparing: yes or no, counts and sizes
// over paired perturbations, times over boots.
#pragma once

#include <vector>

#include "harness/judge/comparison.h"
#include "harness/model/run_record.h"

namespace aios {

struct CompareOptions {
  double alpha = 0.05;
  double confidence = 0.95;
  double timed_margin = 0.02;  // a smaller change of a time is no change
};

// A perturbation that both runs have: its index on either side.
struct PerturbationPair {
  int first = 0, second = 0;
};
std::vector<PerturbationPair> paired_perturbations(const RunRecord& first, const RunRecord& second);

struct MetricPair {
  Metric metric;
  std::vector<const Sample*> first, second;  // neither is empty
  bool interleaved = false;                  // boot N of the one was made beside boot N of the other
};

ComparisonRow row_of(const MetricPair& pair);  // names and counts filled in, nothing judged

void compare_yes_no(const MetricPair& pair, ComparisonRow& row);
void compare_counts(const MetricPair& pair, const std::vector<PerturbationPair>& perturbations, ComparisonRow& row);
void compare_times(const MetricPair& pair, const CompareOptions& options, ComparisonRow& row);

// What a difference of this sign means for a metric of this direction; 0 is no difference.
Change change_of(double difference, Direction direction);

}  // namespace aios
