// SPDX-License-Identifier: Apache-2.0
#include "harness/export/metric_row.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace aios {
namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

MetricRow row_of(Metric metric, bool defined, const std::vector<const Sample*>& samples) {
  MetricRow row;
  row.metric = std::move(metric);
  row.defined = defined;
  row.fidelity = samples.front()->fidelity;
  row.lowest = row.highest = samples.front()->value;
  std::vector<double> plain;
  std::vector<double> all;
  for (const Sample* sample : samples) {
    row.lowest = std::min(row.lowest, sample->value);
    row.highest = std::max(row.highest, sample->value);
    all.push_back(sample->value);
    if (sample->perturbation == 0) plain.push_back(sample->value);
  }
  row.value = median(plain.empty() ? std::move(all) : std::move(plain));
  row.boots = static_cast<int>(samples.size());
  row.sample = *std::min_element(samples.begin(), samples.end(), [&](const Sample* a, const Sample* b) {
    // An unperturbed boot before a perturbed one: its details (counts, distribution) belong to the figure shown.
    return std::pair(a->perturbation != 0, std::fabs(a->value - row.value)) <
           std::pair(b->perturbation != 0, std::fabs(b->value - row.value));
  });
  return row;
}

}  // namespace

std::vector<MetricRow> metric_rows(const RunRecord& run) {
  using Key = std::pair<std::string, Unit>;
  std::map<Key, std::vector<const Sample*>> groups;
  std::vector<Key> appeared;
  for (const Sample& sample : run.samples) {
    auto& group = groups[{sample.metric, sample.unit}];
    if (group.empty()) appeared.emplace_back(sample.metric, sample.unit);
    group.push_back(&sample);
  }

  std::map<std::string, std::size_t> order;
  for (std::size_t i = 0; i < run.metrics.size(); ++i) order.emplace(run.metrics[i].name, i);
  const auto rank = [&](const Key& key) {
    const auto found = order.find(key.first);
    return found == order.end() ? run.metrics.size() : found->second;
  };
  std::stable_sort(appeared.begin(), appeared.end(), [&](const Key& a, const Key& b) { return rank(a) < rank(b); });

  std::vector<MetricRow> rows;
  rows.reserve(appeared.size());
  for (const Key& key : appeared) {
    const auto& samples = groups[key];
    const std::size_t at = rank(key);
    const bool defined = at < run.metrics.size();
    Metric metric = defined ? run.metrics[at] : Metric{.name = key.first, .direction = Direction::neutral};
    metric.unit = key.second;
    if (metric.scenario.empty()) metric.scenario = samples.front()->scenario;
    rows.push_back(row_of(std::move(metric), defined, samples));
  }
  return rows;
}

}  // namespace aios
