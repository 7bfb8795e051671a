// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/support/text.h"
#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kColumns = 8;

// Around 1 in the middle, a factor of 4 to each side, logarithmic.
Html ratio_chart(double ratio, Tone tone) {
  Html html;
  if (!(ratio > 0) || !std::isfinite(ratio)) return html;
  const double away = std::clamp(std::log2(ratio) / 2, -1.0, 1.0) * 50;
  const char* colour = tone == Tone::good ? "good" : tone == Tone::bad ? "bad" : "dim";
  html.open("svg",
            {{"class", "ratio"}, {"viewBox", "0 0 100 10"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}});
  html.empty("rect", {{"class", fmt::format("r-{}", colour)},
                      {"x", fmt::format("{:.2f}", std::min(50.0, 50 + away))},
                      {"y", "1.5"},
                      {"width", fmt::format("{:.2f}", std::max(std::fabs(away), 0.6))},
                      {"height", "7"}});
  html.empty("rect", {{"class", "axis"}, {"x", "49.7"}, {"width", "0.6"}, {"height", "10"}});
  html.close();
  return html;
}

void row_of_table(Html& html, const ComparisonRow& row) {
  const Tone tone = tone_of(row.change);
  html.open("tr").open("th", {{"scope", "row"}});
  metric_name(html, row.metric);
  for (const std::string& warning : row.warnings) html.text(" ").element("span", warning, {{"class", "what"}});
  html.close();
  html.open("td");
  chip(html, to_string(row.change), tone);
  if (!row.reason.empty()) html.text(" ").element("span", row.reason, {{"class", "what"}});
  html.close();
  number_cell(html, ratio_text(row));
  html.open("td", {{"class", "chart"}}).add(row.ratio ? ratio_chart(*row.ratio, tone) : Html()).close();
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

}  // namespace

Section comparison_section(const ReportModel& report) {
  Section section{"comparison", "Comparison", {}};
  if (!report.comparison) return section;
  const Comparison& comparison = *report.comparison;
  Html& html = section.body;
  html.open("p", {{"class", "lead"}});
  html.element("b", comparison.second_name).text(" held against ").element("b", comparison.first_name);
  html.text(comparison.comparable ? ": " : ": refused: ").text(comparison.reason).text(".");
  if (comparison.comparable) html.text(" A ratio under 1 means that it needs less.");
  html.close();
  if (!comparison.rows.empty()) {
    begin_table(html, "Metric by metric",
                {{"Metric"},
                 {"Verdict"},
                 {"Ratio", true},
                 {"\xc2\xbc to 4 times"},
                 {"Difference", true},
                 {comparison.first_name, true},
                 {comparison.second_name, true},
                 {"Heavy classes that differ"}});
    std::string scenario;
    for (const ComparisonRow& row : comparison.rows) {
      if (row.scenario != scenario) {
        scenario = row.scenario;
        group_row(html, scenario, kColumns);
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
