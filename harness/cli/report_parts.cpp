// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/report_parts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "harness/cli/profiled_sides.h"
#include "harness/cli/stored_trend.h"
#include "harness/run/boot_profile.h"

namespace aios {
namespace {

constexpr std::size_t kMostExplained = 6;

// What got worse first, then what could not be decided, then by how much it differs.
std::vector<std::string> most_telling(const ReportModel& model, std::vector<std::string> metrics) {
  if (!model.comparison) {
    metrics.resize(std::min(metrics.size(), kMostExplained));
    return metrics;
  }
  std::map<std::string, std::tuple<int, double>> rank;
  for (const ComparisonRow& row : model.comparison->rows) {
    const int change = row.change == Change::worse ? 0 : row.change == Change::inconclusive ? 1 : 2;
    const double ratio = row.ratio && *row.ratio > 0 ? std::fabs(std::log(*row.ratio)) : 0;
    if (row.change != Change::same) rank[row.metric] = {change, -ratio};
  }
  std::erase_if(metrics, [&](const std::string& metric) { return !rank.contains(metric); });
  std::stable_sort(metrics.begin(), metrics.end(),
                   [&](const std::string& a, const std::string& b) { return rank[a] < rank[b]; });
  metrics.resize(std::min(metrics.size(), kMostExplained));
  return metrics;
}

}  // namespace

void add_logs(ReportModel& model, const Store& store) {
  for (std::size_t i = 0; i < model.runs.size(); ++i) {
    const RunRecord& run = model.runs[i];
    for (const auto& boot : run.boots) {
      for (const auto& [name, file] : boot.logs) {
        if (name == kProfileLog) continue;
        const auto text = read_file(store.run_folder(run.provenance.run) / file);
        if (text.ok()) model.logs.push_back(log_tail(i, boot.index, name, *text));
      }
    }
  }
}

Status add_history(ReportModel& model, const Context& context, Store& store, int most) {
  if (model.runs.empty() || most <= 0) return {};
  const RunRecord& run = model.runs.front();
  const auto trend = stored_trend(context, store, {.kernel = run.kernel, .machine = run.machine, .last = most});
  if (!trend.ok()) return trend.error().kind == ErrorKind::interrupted ? Status(trend.error()) : Status();
  for (const TrendSeries& series : trend->series) {
    const bool here = std::find(series.runs.begin(), series.runs.end(), run.provenance.run) != series.runs.end();
    if (here && series.mode == run.mode && series.runs.size() > 1) model.history.push_back(series);
  }
  return {};
}

Status add_profiles(ReportModel& model, const Store& store) {
  if (model.runs.empty() || model.runs.size() > 2) return {};
  ProfiledSides sides;
  // The measure is the last of the runs, or the only one.
  sides.first.run = model.runs.back();
  sides.second.run = model.runs.front();
  sides.first.profiles = TRY(stored_profiles(store, sides.first.run));
  sides.second.profiles = TRY(stored_profiles(store, sides.second.run));
  const auto known = chosen_metrics(sides, "");
  if (!known.ok()) return {};  // no profile, or nothing in common
  Explanation explanation = TRY(explanation_of(sides, most_telling(model, *known)));
  const bool two = model.runs.size() == 2;
  if (!two) {
    explanation.first_name = sides.first.run.subject;
    explanation.second_name.clear();
    explanation.second_run.clear();
  }
  for (const MetricExplanation& metric : explanation.metrics) {
    const Profile& first = *sides.first.with(metric.metric);
    const Profile& second = *sides.second.with(metric.metric);
    ExplainedGraphs graphs{.metric = metric.metric};
    (two ? graphs.both : graphs.first) = folded_stacks(first, two ? &second : nullptr, metric.metric);
    model.graphs.push_back(std::move(graphs));
  }
  model.explanation = std::move(explanation);
  return {};
}

}  // namespace aios
