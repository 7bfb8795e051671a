// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/stats/quantile.h"

namespace aios {
namespace {

const std::string& interleaved_partner(const RunRecord& run) {
  static const std::string none;
  const auto found = run.provenance.extra.find("interleaved_with");
  return found == run.provenance.extra.end() ? none : found->second;
}

const RunRecord* run_to_hold_against(const Claim& claim, const RunRecord& with,
                                     const std::vector<const RunRecord*>& newest_first) {
  const RunRecord* newest = nullptr;
  for (const RunRecord* run : newest_first) {
    const bool alike = run->mode == with.mode && run->machine == with.machine && run->outcome == "complete";
    if (!alike || !is_run_of(*run, {claim.against}) || samples_of(*run, claim.measures).empty()) continue;
    if (interleaved_partner(*run) == with.provenance.run && !with.provenance.run.empty()) return run;
    if (newest == nullptr) newest = run;
  }
  return newest;
}

bool is_exact(const Sample& sample) {
  return sample.fidelity == Fidelity::exact || sample.fidelity == Fidelity::counted;
}

// A boot's figure by what makes it comparable with one of the other side.
std::map<int, double> figures_by_boot(const RunRecord& run, const std::string& metric) {
  std::map<int, std::vector<double>> groups;
  for (const Sample* sample : samples_of(run, metric)) {
    if (sample->skipped || !std::isfinite(sample->value) || sample->value <= 0) continue;
    groups[is_exact(*sample) ? sample->perturbation : sample->boot].push_back(sample->value);
  }
  std::map<int, double> out;
  for (auto& [key, values] : groups) {
    std::sort(values.begin(), values.end());
    out[key] = stats::quantile_of_sorted(values, 0.5);
  }
  return out;
}

}  // namespace

bool is_run_of(const RunRecord& run, const std::vector<std::string>& subjects) {
  return run.append.empty() && run.sysctls.empty() &&
         std::find(subjects.begin(), subjects.end(), run.subject) != subjects.end() &&
         (run.outcome == "complete" || run.outcome == "failed");
}

std::vector<Sample> measured_difference(const Claim& claim, const std::string& metric, const RunRecord& with,
                                        const std::vector<const RunRecord*>& newest_first) {
  std::vector<Sample> out;
  const auto measured_with = samples_of(with, claim.measures);
  const RunRecord* without = measured_with.empty() ? nullptr : run_to_hold_against(claim, with, newest_first);
  if (without == nullptr) return out;
  const Sample& like = *measured_with.front();
  const auto first = figures_by_boot(*without, claim.measures);
  for (const auto& [key, value] : figures_by_boot(with, claim.measures)) {
    const auto other = first.find(key);
    if (other == first.end()) continue;
    Sample sample;
    sample.metric = metric;
    sample.scenario = like.scenario;
    sample.unit = Unit::ratio;
    sample.fidelity = like.fidelity;
    (is_exact(like) ? sample.perturbation : sample.boot) = key;
    sample.value = claim.as == "gain" ? value / other->second : 1 - value / other->second;
    sample.detail = fmt::format("{}: {} with, {} without ({})", claim.measures, format_value(value, like.unit),
                                format_value(other->second, like.unit), without->provenance.run);
    out.push_back(std::move(sample));
  }
  return out;
}

}  // namespace aios
