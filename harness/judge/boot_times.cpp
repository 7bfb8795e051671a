// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/boot_times.h"

#include <cmath>
#include <map>

#include "harness/stats/quantile.h"

namespace aios {
namespace {

std::map<int, double> figures_by_boot(const std::vector<const Sample*>& samples) {
  std::map<int, std::vector<double>> boots;
  for (const Sample* sample : samples) {
    if (!sample->skipped) boots[sample->boot].push_back(sample->value);
  }
  std::map<int, double> out;
  for (const auto& [boot, values] : boots) out[boot] = stats::median(values);
  return out;
}

std::string partner_of(const RunRecord& run) {
  const auto found = run.provenance.extra.find("interleaved_with");
  return found == run.provenance.extra.end() ? "" : found->second;
}

// Sum of squared deviations, in two passes.
double squares(const std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

std::optional<std::vector<double>> logs_of(const std::vector<double>& values) {
  std::vector<double> out;
  out.reserve(values.size());
  for (const double value : values) {
    if (!(value > 0) || !std::isfinite(value)) return std::nullopt;
    out.push_back(std::log(value));
  }
  return out;
}

}  // namespace

bool interleaved(const RunRecord& first, const RunRecord& second) {
  return !first.provenance.run.empty() && partner_of(second) == first.provenance.run &&
         partner_of(first) == second.provenance.run;
}

BootTimes boot_times(const MetricPair& pair) {
  const auto first = figures_by_boot(pair.first);
  const auto second = figures_by_boot(pair.second);
  BootTimes out;
  out.paired = pair.interleaved;
  for (const auto& [boot, value] : first) {
    // A block that one side lost says nothing.
    if (out.paired && !second.contains(boot)) continue;
    out.first.push_back(value);
  }
  for (const auto& [boot, value] : second) {
    if (!out.paired || first.contains(boot)) out.second.push_back(value);
  }
  return out;
}

std::optional<double> log_noise(const BootTimes& times) {
  const auto first = logs_of(times.first);
  const auto second = logs_of(times.second);
  if (!first || !second) return std::nullopt;
  if (times.paired) {
    if (first->size() < 2) return std::nullopt;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < first->size(); ++i) ratios.push_back((*second)[i] - (*first)[i]);
    return std::sqrt(squares(ratios) / static_cast<double>(ratios.size() - 1));
  }
  if (first->size() + second->size() < 4) return std::nullopt;
  const double freedom = static_cast<double>(first->size() + second->size() - 2);
  return std::sqrt((squares(*first) + squares(*second)) / freedom);
}

}  // namespace aios
