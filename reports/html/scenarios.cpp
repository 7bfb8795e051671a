// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/support/text.h"
#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

struct Line {
  MetricRow row;
  std::size_t run = 0;
};

// The lines of each scenario: a metric's lines of all runs stand together, in the first run's order.
struct ScenarioLines {
  std::string name;
  std::vector<Line> lines;
};

std::vector<ScenarioLines> gather(const ReportModel& report) {
  std::vector<ScenarioLines> all;
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    for (MetricRow& row : metric_rows(report.runs[i])) {
      if (row.metric.unit == Unit::yes_no) continue;
      auto found =
          std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.name == row.metric.scenario; });
      if (found == all.end()) found = all.insert(all.end(), {row.metric.scenario, {}});
      auto& lines = found->lines;
      auto at = std::find_if(lines.rbegin(), lines.rend(),
                             [&](const Line& line) { return line.row.metric.name == row.metric.name; });
      lines.insert(at == lines.rend() ? lines.end() : at.base(), Line{std::move(row), i});
    }
  }
  return all;
}

std::string optional_value(const std::optional<double>& value, Unit unit) {
  return value ? format_value(*value, unit) : "";
}

constexpr std::size_t kFigures = 8, kRange = 1;
constexpr std::array<const char*, kFigures> kFigureHeads = {
    "Value", "Over the boots", "Least", "Most", "Iterations", "Interrupted", "Taken off", "In one iteration"};
using Figures = std::array<std::string, kFigures>;

Figures figures_of(const MetricRow& row) {
  const Sample& sample = *row.sample;
  return {value_text(row),
          spread_text(row),
          optional_value(sample.minimum, sample.unit),
          optional_value(sample.maximum, sample.unit),
          sample.iterations > 1 ? group_digits(sample.iterations) : "",
          sample.interrupted_iterations > 0 ? group_digits(sample.interrupted_iterations) : "",
          overhead_text(row),
          sample.counts ? events_text(*sample.counts) : sample.detail};
}

void name_cell(Html& html, const Metric& metric, std::size_t lines) {
  html.open("th", {{"scope", "rowgroup"},
                   {"rowspan", fmt::format("{}", lines)},
                   {"data-metric", metric.name},
                   {"data-of", metric.scenario}});
  metric_name(html, metric.name);
  if (!metric.description.empty()) html.text(" ").element("span", metric.description, {{"class", "what"}});
  html.close();
}

void scenario_table(Html& html, const ReportModel& report, const ScenarioLines& scenario) {
  const auto& lines = scenario.lines;
  std::vector<Figures> figures;
  std::array<bool, kFigures> shown{};  // a column that is blank for this scenario is left out
  for (const Line& line : lines) {
    figures.push_back(figures_of(line.row));
    for (std::size_t k = 0; k < kFigures; ++k) shown[k] = shown[k] || !figures.back()[k].empty();
  }
  std::vector<Head> heads = {{"Metric"}};
  if (report.runs.size() > 1) heads.push_back({"Subject"});
  for (std::size_t k = 0; k < kFigures; ++k) {
    if (shown[k]) heads.push_back({kFigureHeads[k], k + 1 < kFigures});
  }
  begin_table(html, scenario.name + ": every figure as it was measured", heads);
  std::size_t end = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Metric& metric = lines[i].row.metric;
    html.open("tr", {{"data-metric", metric.name}});
    if (i == end) {
      while (end < lines.size() && lines[end].row.metric.name == metric.name) ++end;
      name_cell(html, metric, end - i);
    }
    if (report.runs.size() > 1) text_cell(html, report.runs[lines[i].run].subject);
    for (std::size_t k = 0; k < kFigures; ++k) {
      if (!shown[k]) continue;
      if (k == kRange || k + 1 == kFigures) {
        html.element("td", figures[i][k], {{"class", k == kRange ? "num" : "events"}});
      } else {
        number_cell(html, figures[i][k]);
      }
    }
    html.close();
  }
  end_table(html);
}

// Filled by page/scenarios.js, which also offers the choice of a metric.
void panel(Html& html, const std::string& scenario) {
  html.open("div", {{"class", "panel"}, {"data-of", scenario}, {"hidden", ""}});
  chart_place(html, "boots", scenario,
              "Boot by boot. Filled: as it is; hollow: with a null change. Where iterations differ, the box is their "
              "middle half, the line 1 % to 99 %, cut where it leads far out.");
  chart_place(html, "spread", scenario, "The iterations of one boot by their value; heights are logarithmic.");
  html.close();
}

}  // namespace

Section scenarios_section(const ReportModel& report) {
  Section section{"scenarios", "Scenarios", {}};
  const std::vector<ScenarioLines> scenarios = gather(report);
  if (scenarios.empty()) return section;
  Html& html = section.body;
  html.element(
      "p",
      "The boot is the sample: one figure a boot, the median of its iterations, those with an interrupt in between set "
      "apart, the cost of measuring taken off. Value: the median of the unperturbed boots; over the boots: from the "
      "lowest to the highest, perturbed boots too.",
      {{"class", "lead"}});
  for (const ScenarioLines& scenario : scenarios) {
    html.element("h3", scenario.name);
    panel(html, scenario.name);
    scenario_table(html, report, scenario);
  }
  return section;
}

}  // namespace aios
