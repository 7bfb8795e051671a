// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/explanation.h"
#include "reports/html/explained.h"
#include "reports/html/sections.h"

namespace aios {

// The runs' own profiles: which functions a difference is made of.
Section why_section(const ReportModel& report) {
  Section section{"why", "Why", {}};
  if (!report.explanation || report.explanation->metrics.empty()) return section;
  const Explanation& explanation = *report.explanation;
  Html& html = section.body;
  html.element("p",
               explanation.second_name.empty()
                   ? "Where the instructions of an iteration are executed, function by function."
                   : "Which functions the difference is made of, exact to the instruction: the rows add up to it.",
               {{"class", "lead"}});
  bool first = true;
  for (const MetricExplanation& metric : explanation.metrics) {
    if (first) {
      html.open("details", {{"open", "open"}});
    } else {
      html.open("details");
    }
    first = false;
    html.open("summary").element("code", metric.metric).text(" ").text(explained_summary(explanation, metric)).close();
    explained_graphs(html, explanation, metric.metric, report.graphs);
    explained_functions(html, explanation, metric, kFunctionsInReport);
    html.close();
  }
  for (const std::string& note : explanation.notes) html.element("p", note, {{"class", "note"}});
  return section;
}

}  // namespace aios
