// SPDX-License-Identifier: Apache-2.0
#include "reports/html/figures.h"

#include <cmath>
#include <map>

#include "harness/export/metric_row.h"
#include "harness/model/json_fields.h"
#include "harness/support/json.h"
#include "reports/html/spread.h"
#include "reports/timeline.h"

namespace aios {
namespace {

constexpr std::size_t kMostInitcalls = 300;

OrderedJson numbers(const auto& values) {
  OrderedJson out = OrderedJson::array();
  for (const auto value : values) out.push_back(json_number(static_cast<double>(value)));
  return out;
}

OrderedJson boxes_of(const RunRecord& run) {
  OrderedJson out = OrderedJson::array();
  for (const Sample& sample : run.samples) {
    const auto quantiles = iteration_quantiles(sample);
    out.push_back(quantiles ? numbers(*quantiles) : OrderedJson(0));
  }
  return out;
}

OrderedJson spreads_of(const ReportModel& report) {
  struct Found {
    Unit unit = Unit::count;
    std::vector<const Sample*> samples;
  };
  std::map<std::string, Found> found;
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    for (const MetricRow& row : metric_rows(report.runs[i])) {
      Found& of_metric = found[row.metric.name];
      if (of_metric.samples.empty()) {
        of_metric.unit = row.metric.unit;
        of_metric.samples.resize(report.runs.size(), nullptr);
      }
      if (of_metric.unit == row.metric.unit) of_metric.samples[i] = row.sample;
    }
  }
  OrderedJson out = OrderedJson::object();
  for (const auto& [metric, of_metric] : found) {
    const auto spread = iteration_spread(of_metric.samples);
    if (!spread) continue;
    OrderedJson entry{{"unit", to_string(of_metric.unit)}};
    if (spread->values.empty()) {
      entry["low"] = json_number(spread->low);
      entry["step"] = json_number(spread->step);
    } else {
      entry["values"] = numbers(spread->values);
    }
    entry["counts"] = OrderedJson::array();
    for (const auto& counts : spread->counts) entry["counts"].push_back(numbers(counts));
    out[metric] = std::move(entry);
  }
  return out;
}

OrderedJson ratio_of(const ComparisonRow& row) {
  if (!row.ratio || !(*row.ratio > 0) || !std::isfinite(*row.ratio)) return 0;
  if (row.ratio_low && row.ratio_high) return numbers(std::vector{*row.ratio, *row.ratio_low, *row.ratio_high});
  // Counts: the range of the difference over the paired perturbations, said of the first side's figure.
  if (row.difference_low && row.difference_high && row.first && *row.first > 0 && row.pairs > 1) {
    const double low = 1 + *row.difference_low / *row.first;
    const double high = 1 + *row.difference_high / *row.first;
    if (low > 0 && high > low) return numbers(std::vector{*row.ratio, low, high});
  }
  return numbers(std::vector{*row.ratio});
}

OrderedJson stretches(const std::vector<Stretch>& all, std::size_t most) {
  OrderedJson out = OrderedJson::array();
  for (const Stretch& stretch : all) {
    if (out.size() == most) break;
    out.push_back({stretch.name, stretch.instructions});
  }
  return out;
}

OrderedJson boots_of(const ReportModel& report) {
  OrderedJson out = OrderedJson::array();
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    const BootTimeline timeline = boot_timeline(report.runs[i]);
    if (timeline.total <= 0) continue;
    out.push_back({{"run", i},
                   {"boot", timeline.boot},
                   {"total", timeline.total},
                   {"phases", stretches(timeline.phases, kMostInitcalls)},
                   {"initcalls", stretches(timeline.initcalls, kMostInitcalls)}});
  }
  return out;
}

OrderedJson point_of(const TrendPoint& point) {
  return {{"at", point.index},
          {"run", point.run},
          {"before", json_number(point.before)},
          {"after", json_number(point.after)},
          {"direction", point.direction},
          {"p", json_number(point.p)}};
}

OrderedJson history_of(const std::vector<TrendSeries>& history) {
  std::map<std::string, std::size_t> places;  // ids begin with their date, so this is their order
  for (const TrendSeries& series : history) {
    for (const std::string& run : series.runs) places.emplace(run, 0);
  }
  OrderedJson runs = OrderedJson::array();
  for (auto& [run, place] : places) {
    place = runs.size();
    runs.push_back(run);
  }
  OrderedJson all = OrderedJson::array();
  for (const TrendSeries& series : history) {
    OrderedJson at = OrderedJson::array();
    for (const std::string& run : series.runs) at.push_back(places[run]);
    OrderedJson points = OrderedJson::array();
    for (const TrendPoint& point : series.points) points.push_back(point_of(point));
    all.push_back({{"metric", series.metric},
                   {"unit", to_string(series.unit)},
                   {"at", std::move(at)},
                   {"values", numbers(series.values)},
                   {"points", std::move(points)}});
  }
  return {{"runs", std::move(runs)}, {"series", std::move(all)}};
}

}  // namespace

std::string figures_json(const ReportModel& report) {
  OrderedJson out;
  out["boxes"] = OrderedJson::array();
  for (const RunRecord& run : report.runs) out["boxes"].push_back(boxes_of(run));
  out["spreads"] = spreads_of(report);
  out["ratios"] = OrderedJson::array();
  if (report.comparison) {
    for (const ComparisonRow& row : report.comparison->rows) out["ratios"].push_back(ratio_of(row));
  }
  out["boot"] = boots_of(report);
  out["history"] = history_of(report.history);
  return out.dump(-1, ' ', /*ensure_ascii=*/true, OrderedJson::error_handler_t::replace);
}

}  // namespace aios
