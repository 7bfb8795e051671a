// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/metric_pair.h"

#include "harness/support/text.h"

namespace aios {

std::vector<PerturbationPair> paired_perturbations(const RunRecord& first, const RunRecord& second) {
  std::vector<PerturbationPair> out = {{0, 0}};
  for (const Perturbation& a : first.perturbations) {
    if (a.index == 0) continue;
    for (const Perturbation& b : second.perturbations) {
      if (b.index == 0 || a.kind != b.kind || a.description != b.description) continue;
      out.push_back({a.index, b.index});
      break;
    }
  }
  return out;
}

ComparisonRow row_of(const MetricPair& pair) {
  ComparisonRow row;
  row.metric = pair.metric.name;
  row.scenario = pair.metric.scenario;
  row.direction = pair.metric.direction;
  row.kind = pair.metric.kind;
  row.unit = pair.first.front()->unit;
  row.fidelity = pair.first.front()->fidelity;
  row.first_samples = static_cast<int>(pair.first.size());
  row.second_samples = static_cast<int>(pair.second.size());
  return row;
}

Change change_of(double difference, Direction direction) {
  if (difference == 0) return Change::same;
  if (direction == Direction::neutral) return Change::changed;
  return (difference > 0) == (direction == Direction::lower_is_better) ? Change::worse : Change::better;
}

void compare_yes_no(const MetricPair& pair, ComparisonRow& row) {
  struct Answer {
    bool skipped = true, yes = true;
    std::string detail;
  };
  const auto answer_of = [](const std::vector<const Sample*>& samples) {
    Answer out;
    for (const Sample* sample : samples) {
      if (out.detail.empty()) out.detail = sample->detail;
      if (sample->skipped) continue;
      out.skipped = false;
      if (sample->value != 0) continue;
      out.yes = false;
      if (!sample->detail.empty()) out.detail = sample->detail;
    }
    return out;
  };
  const Answer first = answer_of(pair.first);
  const Answer second = answer_of(pair.second);
  if (!first.skipped) row.first = first.yes ? 1 : 0;
  if (!second.skipped) row.second = second.yes ? 1 : 0;
  if (first.skipped && second.skipped) {
    row.reason = "skipped on both sides" + (first.detail.empty() ? "" : ": " + first.detail);
    return;
  }
  if (first.skipped || second.skipped) {
    const Answer& side = first.skipped ? first : second;
    row.reason = std::string("skipped on the ") + (first.skipped ? "first" : "second") + " side" +
                 (side.detail.empty() ? "" : ": " + side.detail);
    return;
  }
  row.difference = *row.second - *row.first;
  row.change = change_of(*row.difference, row.direction);
  if (row.change != Change::same) row.reason = second.yes ? first.detail : second.detail;
}

}  // namespace aios
