// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

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

// `lines_of_metric`: 0 for a line whose metric's name stands further up already.
void scenario_line(Html& html, const ReportModel& report, const Line& line, std::size_t lines_of_metric) {
  const MetricRow& row = line.row;
  const Sample& sample = *row.sample;
  html.open("tr");
  if (lines_of_metric > 0) {
    html.open("th", {{"scope", "rowgroup"}, {"rowspan", fmt::format("{}", lines_of_metric)}});
    metric_name(html, row.metric.name);
    if (!row.metric.description.empty()) {
      html.text(" ").element("span", row.metric.description, {{"class", "what"}});
    }
    html.close();
  }
  if (report.runs.size() > 1) text_cell(html, report.runs[line.run].subject);
  number_cell(html, value_text(row));
  html.element("td", spread_text(row), {{"class", "num"}});
  number_cell(html, optional_value(sample.minimum, sample.unit));
  number_cell(html, optional_value(sample.maximum, sample.unit));
  number_cell(html, sample.iterations > 1 ? group_digits(sample.iterations) : "");
  number_cell(html, sample.interrupted_iterations > 0 ? group_digits(sample.interrupted_iterations) : "");
  number_cell(html, overhead_text(row));
  html.open("td").add(distribution_chart(sample)).close();
  html.element("td", sample.counts ? events_text(*sample.counts) : sample.detail, {{"class", "events"}});
  html.close();
}

}  // namespace

Section scenarios_section(const ReportModel& report) {
  Section section{"scenarios", "Scenarios", {}};
  const std::vector<ScenarioLines> scenarios = gather(report);
  if (scenarios.empty()) return section;
  std::vector<Head> heads = {{"Metric"}};
  if (report.runs.size() > 1) heads.push_back({"Subject"});
  for (Head head : {Head{"Value", true}, Head{"Over the boots", true}, Head{"Least", true}, Head{"Most", true},
                    Head{"Iterations", true}, Head{"Interrupted", true}, Head{"Taken off", true}, Head{"Their spread"},
                    Head{"In one iteration"}}) {
    heads.push_back(std::move(head));
  }
  Html& html = section.body;
  begin_table(html, "Every figure as it was measured", heads);
  for (const ScenarioLines& scenario : scenarios) {
    group_row(html, scenario.name, heads.size());
    const auto& lines = scenario.lines;
    for (std::size_t i = 0; i < lines.size();) {
      std::size_t end = i + 1;
      while (end < lines.size() && lines[end].row.metric.name == lines[i].row.metric.name) ++end;
      for (std::size_t k = i; k < end; ++k) scenario_line(html, report, lines[k], k == i ? end - i : 0);
      i = end;
    }
  }
  end_table(html);
  html.element(
      "p",
      "Value: the median iteration of the unperturbed boots, iterations with an interrupt in between set apart, "
      "the cost of measuring taken off. Over the boots: lowest and highest, perturbed boots too.",
      {{"class", "note"}});
  return section;
}

}  // namespace aios
