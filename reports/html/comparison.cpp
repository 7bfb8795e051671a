// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "harness/support/text.h"
#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kComparisonColumns = 7;

void row_of_table(Html& html, const ComparisonRow& row) {
  const Tone tone = tone_of(row.change);
  html.open("tr", {{"data-metric", row.metric}, {"data-change", std::string(to_string(row.change))}});
  html.open("th", {{"scope", "row"}});
  metric_name(html, row.metric);
  for (const std::string& warning : row.warnings) html.text(" ").element("span", warning, {{"class", "what"}});
  html.close();
  html.open("td");
  chip(html, to_string(row.change), tone);
  if (!row.reason.empty()) html.text(" ").element("span", row.reason, {{"class", "what"}});
  html.close();
  number_cell(html, ratio_text(row));
  html.open("td", {{"class", "num"}});
  if (const std::string difference = difference_text(row); !difference.empty()) figure(html, difference);
  if (const std::string interval = interval_text(row); !interval.empty()) {
    html.text(" ").element("span", interval, {{"class", "what"}});
  }
  html.close();
  number_cell(html, row.first ? format_value(*row.first, row.unit) : "");
  number_cell(html, row.second ? format_value(*row.second, row.unit) : "");
  text_cell(html, classes_text(row));
  html.close();
}

void differences_table(Html& html, const Comparison& comparison) {
  begin_table(html, "What else differs between the runs",
              {{"Input"}, {comparison.first_name}, {comparison.second_name}, {"Meaning"}});
  for (const InputDifference& difference : comparison.differences) {
    html.open("tr").open("th", {{"scope", "row"}}).element("code", difference.key).close();
    text_cell(html, difference.first);
    text_cell(html, difference.second);
    html.open("td");
    if (difference.refused) {
      chip(html, "refused", Tone::bad);
      html.text(" ");
    }
    html.text(difference.meaning).close().close();
  }
  end_table(html);
}

bool drawn(const ComparisonRow& row) {
  return row.ratio && *row.ratio > 0 && row.change != Change::same && row.change != Change::not_compared;
}

void ratio_charts(Html& html, const Comparison& comparison) {
  struct Count {
    std::string scenario;
    std::size_t drawn = 0, all = 0;
  };
  std::vector<Count> counts;
  for (const ComparisonRow& row : comparison.rows) {
    auto found = std::find_if(counts.begin(), counts.end(), [&](const Count& c) { return c.scenario == row.scenario; });
    if (found == counts.end()) found = counts.insert(counts.end(), {row.scenario});
    ++found->all;
    if (drawn(row)) ++found->drawn;
  }
  if (std::none_of(counts.begin(), counts.end(), [](const Count& c) { return c.drawn > 0; })) return;
  html.open("div", {{"class", "cards"}});
  for (const Count& count : counts) {
    if (count.drawn == 0) continue;
    chart_place(html, "ratios", count.scenario,
                fmt::format("{}: {} of {} {}", count.scenario, count.drawn, plural(count.all, "metric"),
                            count.drawn == 1 ? "differs" : "differ"));
  }
  html.close();
}

}  // namespace

Section comparison_section(const ReportModel& report) {
  Section section{"comparison", "Comparison", {}};
  if (!report.comparison) return section;
  const Comparison& comparison = *report.comparison;
  Html& html = section.body;
  html.open("p", {{"class", "lead"}});
  html.element("b", comparison.second_name).text(" held against ").element("b", comparison.first_name);
  html.text(comparison.comparable ? ": " : ": refused: ").text(comparison.reason).text(".");
  if (comparison.comparable) html.text(" A ratio under 1 means that it needs less; a line shows its interval.");
  html.close();
  if (!comparison.rows.empty()) {
    ratio_charts(html, comparison);
    html.open("div", {{"id", "filter"}}).close();
    begin_table(html, "Metric by metric",
                {{"Metric"},
                 {"Verdict"},
                 {"Ratio", true},
                 {"Difference", true},
                 {comparison.first_name, true},
                 {comparison.second_name, true},
                 {"Heavy classes that differ"}});
    std::string scenario;
    for (const ComparisonRow& row : comparison.rows) {
      if (row.scenario != scenario) {
        scenario = row.scenario;
        group_row(html, scenario, kComparisonColumns);
      }
      row_of_table(html, row);
    }
    end_table(html);
  }
  if (!comparison.warnings.empty()) {
    html.open("ul");
    for (const std::string& warning : comparison.warnings) html.element("li", warning);
    html.close();
  }
  if (!comparison.differences.empty()) differences_table(html, comparison);
  return section;
}

}  // namespace aios
