// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/calibrate_learn.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/judge/null_fence.h"
#include "harness/stats/clopper_pearson.h"
#include "harness/stats/noise_fence.h"
#include "harness/stats/quantile.h"
#include "harness/stats/signed_rank.h"

namespace aios {
namespace {

constexpr int kFewestNulls = 5;  // fewer teach no fence
constexpr double kUntaughtBoot = 0.02;

bool learns_from(const Sample& sample) {
  return !sample.skipped && sample.unit != Unit::yes_no && std::isfinite(sample.value);
}

// metric -> perturbation -> median
std::map<std::string, std::map<int, double>> medians_of(const RunRecord& run) {
  std::map<std::string, std::map<int, std::vector<double>>> values;
  for (const Sample& sample : run.samples) {
    if (learns_from(sample)) values[sample.metric][sample.perturbation].push_back(sample.value);
  }
  std::map<std::string, std::map<int, double>> out;
  for (const auto& [metric, by_perturbation] : values) {
    for (const auto& [perturbation, group] : by_perturbation) out[metric][perturbation] = stats::median(group);
  }
  return out;
}

struct NullChange {
  std::string name;
  double value = 0;
};

struct Nulls {
  std::vector<NullChange> perturbations, builds;
};

Result<MetricCalibration> learn_one(const Sample& sample, double base, const Nulls& nulls) {
  MetricCalibration out;
  out.metric = sample.metric;
  out.scenario = sample.scenario;
  out.unit = sample.unit;
  out.value = base;
  ComparisonRow row;
  row.unit = sample.unit;
  row.scenario = sample.scenario;
  row.fidelity = sample.fidelity;
  const bool moves = moves_with_null_changes(row);
  std::vector<double> changes;
  const auto take = [&](const NullChange& null, bool teaches) {
    if (base == 0 && null.value != 0) return;  // no share of nothing
    const double change = base == 0 ? 0 : null.value / base - 1;
    if (std::fabs(change) > out.largest) {
      out.largest = std::fabs(change);
      out.worst = null.name;
    }
    if (!teaches) return;
    changes.push_back(change);
    const bool alarm = moves ? std::fabs(null.value - base) > boot_fence(base) : null.value != base;
    out.alarms += alarm ? 1 : 0;
  };
  // What a perturbation itself costs a boot is the same on both sides of a comparison, which pairs equal ones. Where
  // there are null builds, they say what is left.
  for (const NullChange& null : nulls.perturbations) take(null, !moves || nulls.builds.empty());
  for (const NullChange& null : nulls.builds) take(null, true);
  out.nulls = static_cast<int>(changes.size());
  if (changes.empty()) return out;
  out.alarm_rate = TRY(stats::clopper_pearson(out.alarms, out.nulls));
  const stats::FenceOptions options{.window = 10'000,
                                    .least = kFewestNulls,
                                    .unlearned = std::max(out.largest, moves ? kUntaughtBoot : 0.0),
                                    .largest_too = true};
  out.fence = TRY(stats::fence_of_changes(changes, options)).relative;
  return out;
}

double deviation_about_zero(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;  // the mean of A against A is 0
  return std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

Result<std::vector<MetricCalibration>> learn_from_nulls(const RunRecord& base, const std::vector<NullBuild>& builds) {
  std::vector<std::pair<std::string, std::map<std::string, std::map<int, double>>>> others;
  others.reserve(builds.size());
  for (const NullBuild& build : builds) others.emplace_back(build.name, medians_of(build.run));
  std::vector<MetricCalibration> out;
  for (const auto& [metric, values] : medians_of(base)) {
    const auto unchanged = values.find(0);
    if (unchanged == values.end()) continue;
    Nulls nulls;
    for (const Perturbation& perturbation : base.perturbations) {
      const auto value = values.find(perturbation.index);
      if (perturbation.index == 0 || value == values.end()) continue;
      nulls.perturbations.push_back({perturbation.description, value->second});
    }
    for (const auto& [name, medians] : others) {
      const auto same = medians.find(metric);
      if (same == medians.end()) continue;
      for (const auto& [index, value] : same->second) {
        const auto here = values.find(index);
        if (here == values.end()) continue;
        nulls.builds.push_back({name, unchanged->second + (value - here->second)});
      }
    }
    out.push_back(TRY(learn_one(*samples_of(base, metric).front(), unchanged->second, nulls)));
  }
  return out;
}

Result<std::vector<MetricCalibration>> learn_from_times(const RunRecord& run, int pairs_a_gate, double level) {
  if (pairs_a_gate < 1) return config_error("a gate needs a pair of boots");
  std::map<std::string, std::map<int, std::vector<double>>> by_boot;
  std::map<std::string, const Sample*> first;
  for (const Sample& sample : run.samples) {
    if (!learns_from(sample) || sample.value <= 0 || sample.perturbation != 0) continue;
    by_boot[sample.metric][sample.boot].push_back(sample.value);
    first.emplace(sample.metric, &sample);
  }
  std::vector<MetricCalibration> out;
  for (const auto& [metric, boots] : by_boot) {
    std::vector<double> values;
    for (const auto& [boot, group] : boots) values.push_back(stats::median(group));
    std::vector<double> differences;
    for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
      const double difference = std::log(values[i + 1]) - std::log(values[i]);
      differences.push_back((i / 2) % 2 == 0 ? difference : -difference);  // ABBA: a drift burdens both sides
    }
    if (differences.empty()) continue;
    MetricCalibration one;
    one.metric = metric;
    one.scenario = first.at(metric)->scenario;
    one.unit = first.at(metric)->unit;
    one.timed = true;
    one.value = stats::median(values);
    one.noise = deviation_about_zero(differences);
    const auto pairs = static_cast<std::size_t>(pairs_a_gate);
    for (std::size_t at = 0; at + pairs <= differences.size(); at += pairs) {
      const std::span<const double> gate = std::span(differences).subspan(at, pairs);
      ++one.nulls;
      one.alarms += TRY(stats::signed_rank(gate)).p <= level ? 1 : 0;
      const double shift = std::fabs(std::expm1(TRY(stats::walsh_shift(gate)).value));
      if (shift > one.largest) {
        one.largest = shift;
        one.worst = fmt::format("gate {}", one.nulls);
      }
    }
    if (one.nulls > 0) one.alarm_rate = TRY(stats::clopper_pearson(one.alarms, one.nulls));
    // What all pairs together leave between A and A; the shift of a single gate is chance, and falls with its size.
    one.fence = std::fabs(std::expm1(TRY(stats::walsh_shift(differences)).value));
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<std::string> host_gains(const Calibration& before, const Calibration& now) {
  std::vector<std::string> changed;
  for (const char* setting : {"governor", "turbo", "smt", "processor", "isolated", "mitigations"}) {
    const auto a = before.host.find(setting);
    const auto b = now.host.find(setting);
    if (a != before.host.end() && b != now.host.end() && a->second != b->second) {
      changed.push_back(fmt::format("{}: {} -> {}", setting, a->second, b->second));
    }
  }
  std::vector<double> first, second;
  for (const MetricCalibration& one : now.metrics) {
    const MetricCalibration* then = before.find(one.metric);
    if (then == nullptr || !one.timed || !then->timed || !(then->noise > 0)) continue;
    first.push_back(then->noise);
    second.push_back(one.noise);
  }
  if (changed.empty() || first.empty()) return {};
  return {fmt::format("noise {:.2g} % -> {:.2g} % (median of {} metrics) since {}", 100 * stats::median(first),
                      100 * stats::median(second), first.size(), fmt::join(changed, ", "))};
}

}  // namespace aios
