// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/explanation.h"
#include "reports/html/explained.h"
#include "reports/html/page_script.h"
#include "reports/template.h"

namespace aios {
namespace {

void code_table(Html& html, const CodeDiff& diff) {
  html.element("h3", code_headline(diff));
  html.open("div", {{"class", "scroll"}}).open("table", {{"class", "code"}}).open("thead").open("tr");
  html.element("th", diff.first_name).element("th", diff.second_name).close().close().open("tbody");
  for (const CodeDiffRow& row : diff.rows()) {
    html.open("tr", {{"class", row.same ? "same" : row.first == nullptr ? "plus" : "minus"}});
    for (const CodeLine* line : {row.first, row.second}) {
      html.element("td", line == nullptr ? std::string() : fmt::format("{:>5x}  {}", line->offset, line->text));
    }
    html.close();
  }
  html.close().close().close();
}

}  // namespace

std::string render_explanation_html(const Explanation& explanation, const std::vector<ExplainedGraphs>& graphs,
                                    const std::vector<CodeDiff>& code) {
  Html body;
  const std::string title = explanation.second_name + " against " + explanation.first_name;
  body.element("h1", title);
  body.element("p", fmt::format("Runs {} and {}", explanation.first_run, explanation.second_run), {{"class", "note"}});
  for (const MetricExplanation& metric : explanation.metrics) {
    body.open("section");
    body.element("h2", metric.metric).element("p", explained_summary(explanation, metric), {{"class", "lead"}});
    explained_functions(body, explanation, metric, kFunctionsOfExplain);
    explained_graphs(body, explanation, metric.metric, graphs);
    body.close();
  }
  for (const CodeDiff& diff : code) code_table(body, diff);
  for (const std::string& note : explanation.notes) body.element("p", note, {{"class", "note"}});
  return fill_template(report_template("explanation.html"), {{"title", html_text(title)},
                                                             {"style", std::string(report_template("report.css"))},
                                                             {"dark", std::string(report_template("dark.css"))},
                                                             {"body", body.str()},
                                                             {"data", for_script(explanation_to_json(explanation))}});
}

}  // namespace aios
