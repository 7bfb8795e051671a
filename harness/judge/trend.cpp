// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/trend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/stats/change_points.h"
#include "harness/stats/level_steps.h"
#include "harness/stats/noise_fence.h"
#include "harness/stats/quantile.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// What null changes are taken to do to a boot where nothing was learned.
constexpr double kUnlearnedBootFence = 0.02;

// The subject without its ref: a history goes over refs.
std::string without_ref(const std::string& subject) {
  const std::size_t at = subject.find('@');
  if (at == std::string::npos) return subject;
  const std::size_t end = subject.find_first_of(":+", at);
  return subject.substr(0, at) + (end == std::string::npos ? "" : subject.substr(end));
}

std::string series_name(const RunRecord& run) {
  std::string out = without_ref(run.subject);
  for (const auto& word : run.append) out += " --append " + word;
  for (const auto& [key, value] : run.sysctls) out += fmt::format(" --sysctl {}={}", key, value);
  return out;
}

bool is_wanted(const std::string& metric, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return true;
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
    return one.ends_with('*') ? metric.starts_with(one.substr(0, one.size() - 1)) : metric == one;
  });
}

struct RunValue {
  const Sample* sample = nullptr;  // one of them, for what they share
  double value = 0;
};

// One value a run: the boots as they are, without null changes; their median.
std::map<std::string, RunValue> values_of(const RunRecord& run, const std::vector<std::string>& wanted) {
  std::map<std::string, std::vector<const Sample*>> by_metric;
  for (const Sample& sample : run.samples) {
    if (sample.skipped || sample.perturbation != 0 || !std::isfinite(sample.value)) continue;
    if (is_wanted(sample.metric, wanted)) by_metric[sample.metric].push_back(&sample);
  }
  std::map<std::string, RunValue> out;
  for (const auto& [metric, samples] : by_metric) {
    std::vector<double> values;
    for (const Sample* sample : samples) values.push_back(sample->value);
    out[metric] = {samples.front(), stats::median(values)};
  }
  return out;
}

// What both runs name and differs, and what only one has; initramfs: of the metric's scenario alone.
std::vector<std::string> changed_inputs(const RunRecord& before, const RunRecord& after, const std::string& scenario) {
  std::set<std::string> names;
  for (const auto* run : {&before, &after}) {
    for (const auto& [name, hash] : run->inputs) names.insert(name);
  }
  std::vector<std::string> out;
  for (const std::string& name : names) {
    if (name.starts_with("initramfs ") && name != "initramfs " + scenario) continue;
    const auto a = before.inputs.find(name);
    const auto b = after.inputs.find(name);
    const bool equal = a != before.inputs.end() && b != after.inputs.end() && a->second == b->second;
    if (!equal) out.push_back(name);
  }
  return out;
}

std::string direction_of(const RunRecord& run, const std::string& metric, double before, double after) {
  const Metric* known = find_metric(run, metric);
  if (known == nullptr || known->direction == Direction::neutral) return "changed";
  const bool lower_is_better = known->direction == Direction::lower_is_better;
  return (after < before) == lower_is_better ? "better" : "worse";
}

struct GrowingSeries {
  TrendSeries series;
  std::vector<const RunRecord*> records;
};

TrendPoint point_of(const GrowingSeries& from, std::size_t index, double before, double after, double p) {
  const RunRecord& first = *from.records[index];
  const RunRecord& last = *from.records[index - 1];
  TrendPoint out;
  out.index = index;
  out.run = first.provenance.run;
  out.subject = first.subject;
  out.label = first.label;
  out.started = first.provenance.started;
  out.last_before = last.provenance.run;
  out.before = before;
  out.after = after;
  out.p = p;
  out.direction = direction_of(first, from.series.metric, before, after);
  out.inputs_changed = changed_inputs(last, first, from.series.scenario);
  return out;
}

Status set_fence(TrendSeries& series, const std::string& kernel, const TrendOptions& options) {
  const bool counted = series.unit == Unit::instructions || series.unit == Unit::virtual_time;
  if (!counted || (series.scenario != "boot" && series.fidelity == Fidelity::exact)) {
    series.fence = 0;
    series.fence_from = counted ? "steady loop" : "a size or count";
    return {};
  }
  if (options.fence) {
    if (const auto taught = options.fence(kernel, series.machine, series.metric)) {
      series.fence = *taught;
      series.fence_from = "calibration";
      return {};
    }
  }
  const stats::NoiseFence fence = TRY(stats::learn_fence(series.values, {.unlearned = kUnlearnedBootFence}));
  series.fence = fence.relative;
  series.fence_from = fence.learned ? "history" : "default";
  return {};
}

Status judge_series(GrowingSeries& growing, const TrendOptions& options) {
  TrendSeries& series = growing.series;
  const bool timed = series.fidelity == Fidelity::timed || series.fidelity == Fidelity::bounded ||
                     series.unit == Unit::nanoseconds || series.unit == Unit::cycles;
  series.exact = !timed;
  if (series.exact) {
    TRY(set_fence(series, growing.records.front()->kernel, options));
    for (const auto& step : TRY(stats::level_steps(series.values, *series.fence))) {
      series.points.push_back(point_of(growing, step.index, step.before, step.after, 0));
    }
    return {};
  }
  const stats::ChangePoints found = TRY(stats::change_points(series.values, {.level = options.level}));
  series.noise = found.noise;
  series.warnings = found.warnings;
  for (const auto& point : found.points) {
    series.points.push_back(point_of(growing, point.index, point.before, point.after, point.p));
  }
  return {};
}

}  // namespace

Result<Trend> judge_trend(const std::vector<RunRecord>& runs, const TrendOptions& options) {
  Trend out;
  std::vector<const RunRecord*> ordered;
  for (const RunRecord& run : runs) {
    if (run.outcome == "complete") {
      ordered.push_back(&run);
    } else {
      ++out.left_out;
    }
  }
  out.runs = static_cast<int>(ordered.size());
  std::stable_sort(ordered.begin(), ordered.end(), [](const RunRecord* a, const RunRecord* b) {
    return std::tie(a->provenance.started, a->provenance.run) < std::tie(b->provenance.started, b->provenance.run);
  });
  std::map<std::vector<std::string>, GrowingSeries> all;
  for (const RunRecord* run : ordered) {
    const std::string name = series_name(*run);
    for (const auto& [metric, value] : values_of(*run, options.metrics)) {
      const Sample& sample = *value.sample;
      GrowingSeries& growing = all[{name, run->machine, run->mode, metric, std::string(to_string(sample.unit))}];
      TrendSeries& series = growing.series;
      series.name = name;
      series.machine = run->machine;
      series.mode = run->mode;
      series.metric = metric;
      series.scenario = sample.scenario;
      series.unit = sample.unit;
      series.fidelity = sample.fidelity;
      series.runs.push_back(run->provenance.run);
      series.values.push_back(value.value);
      growing.records.push_back(run);
    }
  }
  for (auto& [key, growing] : all) {
    TRY(judge_series(growing, options));
    out.series.push_back(std::move(growing.series));
  }
  std::stable_partition(out.series.begin(), out.series.end(),
                        [](const TrendSeries& series) { return !series.points.empty(); });
  return out;
}

}  // namespace aios
