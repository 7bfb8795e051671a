// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/support/text.h"
#include "reports/html.h"
#include "reports/html/chart_library.h"
#include "reports/html/figures.h"
#include "reports/html/page_script.h"
#include "reports/html/sections.h"
#include "reports/json_report.h"
#include "reports/template.h"

namespace aios {
namespace {

// The page stays mailable: above this the embedded data leaves out the single iterations.
constexpr std::size_t kMostData = 700U << 10;

std::string data_of(const ReportModel& report) {
  std::string json = render_json(report, {.indent = -1, .iterations = true});
  if (json.size() > kMostData) json = render_json(report, {.indent = -1, .iterations = false});
  return for_script(json);
}

std::string title_of(const ReportModel& report) {
  std::string title;
  for (const RunRecord& run : report.runs) title += (title.empty() ? "" : " against ") + run.subject;
  return title.empty() ? "aios-bench report" : title + " \xc2\xb7 aios-bench";
}

}  // namespace

std::string render_html(const ReportModel& report, const PageOptions& options) {
  const std::string script =
      page_script({"dom.js", "units.js", "data.js", "library.js", "theme.js", "charts.js", "comparison.js",
                   "scenarios.js", "boot.js", "history.js", "csv.js", "tables.js", "start.js"});
  Html contents;
  Html body;
  if (!options.home.empty()) contents.open("li").element("a", "All runs", {{"href", options.home}}).close();
  for (const Section& section :
       {comparison_section(report), scenarios_section(report), history_section(report), timeline_section(report),
        why_section(report), claims_section(report), checks_section(report), audit_section(report),
        provenance_section(report), logs_section(report)}) {
    if (section.body.blank()) continue;
    contents.open("li").element("a", section.title, {{"href", "#" + section.id}}).close();
    body.open("section", {{"id", section.id}, {"aria-labelledby", section.id + "-title"}});
    body.element("h2", section.title, {{"id", section.id + "-title"}}).add(section.body).close();
  }
  return fill_template(
      report_template("report.html"),
      {{"title", html_text(title_of(report))},
       {"scripts",
        script_source(script) + " " + (options.chart_library.empty() ? chart_library_source() : kScriptsBeside)},
       {"style", std::string(report_template("report.css"))},
       {"dark", std::string(report_template("dark.css"))},
       {"first", first_screen(report).str()},
       {"contents", contents.str()},
       {"body", body.str()},
       {"version", html_text(report.harness_version)},
       {"library", fmt::format("{} {}", kChartLibraryName, chart_library_version())},
       {"data", data_of(report)},
       {"figures", for_script(figures_json(report))},
       {"packed", options.chart_library.empty() ? chart_library_element() : script_beside(options.chart_library)},
       {"script", script}});
}

}  // namespace aios
