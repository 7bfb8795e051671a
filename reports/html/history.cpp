// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/support/text.h"
#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

Tone tone_of_direction(const std::string& direction) {
  return direction == "worse" ? Tone::bad : direction == "better" ? Tone::good : Tone::dim;
}

std::string sureness_text(const TrendPoint& point) {
  if (point.p == 0) return "exact";
  return point.p < 1e-4 ? "> 99.99 %" : fmt::format("{:.2f} %", 100 * point.confidence());
}

// A change that is lost in rounding is said to the byte.
std::pair<std::string, std::string> levels_text(const TrendPoint& point, Unit unit) {
  std::string before = format_value(point.before, unit);
  std::string after = format_value(point.after, unit);
  if (before != after || unit != Unit::bytes) return {before, after};
  const auto exactly = [](double bytes) { return group_digits(static_cast<long long>(bytes)) + " B"; };
  return {exactly(point.before), exactly(point.after)};
}

void points_table(Html& html, const std::vector<TrendSeries>& history) {
  begin_table(html, "Where a level changed",
              {{"Metric"},
               {"Change"},
               {"Before", true},
               {"After", true},
               {"Confidence", true},
               {"First run of it"},
               {"Changed with it"}});
  for (const TrendSeries& series : history) {
    for (const TrendPoint& point : series.points) {
      html.open("tr", {{"data-metric", series.metric}}).open("th", {{"scope", "row"}});
      metric_name(html, series.metric);
      html.close().open("td");
      chip(html, point.direction, tone_of_direction(point.direction));
      html.close();
      const auto [before, after] = levels_text(point, series.unit);
      number_cell(html, before);
      number_cell(html, after);
      number_cell(html, sureness_text(point));
      html.open("td").element("code", point.run);
      if (!point.label.empty()) html.text(" ").text(point.label);
      html.close();
      text_cell(html, join(point.inputs_changed, ", "));
      html.close();
    }
  }
  end_table(html);
}

}  // namespace

Section history_section(const ReportModel& report) {
  Section section{"history", "History", {}};
  std::size_t runs = 0;
  std::size_t points = 0;
  for (const TrendSeries& series : report.history) {
    runs = std::max(runs, series.runs.size());
    points += series.points.size();
  }
  if (runs < 2) return section;
  Html& html = section.body;
  html.element(
      "p",
      fmt::format("{} on {} over {} of this store: {}.", report.history.front().name, report.history.front().machine,
                  plural(runs, "run"),
                  points == 0 ? "no level changed" : plural(points, "change of a level", "changes of a level")),
      {{"class", "lead"}});
  html.open("div", {{"class", "panel one"}, {"data-panel", "history"}, {"hidden", ""}});
  chart_place(html, "history", "",
              "One metric over the runs; dashed: where its level changed. A diamond is a run of this report.");
  html.close();
  if (points > 0) points_table(html, report.history);
  return section;
}

}  // namespace aios
