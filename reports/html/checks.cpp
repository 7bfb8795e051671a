// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {

Section checks_section(const ReportModel& report) {
  Section section{"checklist", "Checklist", {}};
  std::vector<Metric> checks;
  std::map<std::string, std::map<std::size_t, MetricRow>> found;
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    for (MetricRow& row : metric_rows(report.runs[i])) {
      if (row.metric.unit != Unit::yes_no) continue;
      auto& of_metric = found[row.metric.name];
      if (of_metric.empty()) checks.push_back(row.metric);
      of_metric.emplace(i, std::move(row));
    }
  }
  if (checks.empty()) return section;

  Html& html = section.body;
  std::vector<Head> heads = {{"Check"}};
  for (const RunRecord& run : report.runs) heads.push_back({report.runs.size() > 1 ? run.subject : "Result"});
  heads.push_back({"Detail"});
  begin_table(html, "Checks made inside the guest, each by use", heads);
  for (const Metric& check : checks) {
    html.open("tr").open("th", {{"scope", "row"}});
    metric_name(html, check.name);
    if (!check.description.empty()) html.text(" ").element("span", check.description, {{"class", "what"}});
    html.close();
    std::string detail;
    const auto& rows = found[check.name];
    for (std::size_t i = 0; i < report.runs.size(); ++i) {
      html.open("td");
      if (const auto row = rows.find(i); row != rows.end()) {
        chip(html, value_text(row->second), tone_of(row->second));
        const std::string& text = row->second.sample->detail;
        if (!text.empty() && detail.find(text) == std::string::npos) detail += (detail.empty() ? "" : "; ") + text;
      }
      html.close();
    }
    text_cell(html, detail);
    html.close();
  }
  end_table(html);
  return section;
}

}  // namespace aios
