// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/explanation.h"
#include "reports/flame_graph.h"
#include "reports/html/parts.h"
#include "reports/template.h"

namespace aios {
namespace {

constexpr std::size_t kMostRows = 200;

void function_table(Html& html, const Explanation& explanation, const MetricExplanation& metric) {
  html.open("div", {{"class", "scroll"}}).open("table").open("thead").open("tr");
  for (const std::string& title :
       {std::string("function"), std::string("difference"), explanation.first_name, explanation.second_name,
        std::string("in"), std::string("state"), std::string("called by")}) {
    html.element("th", title, {{"scope", "col"}});
  }
  html.close().close().open("tbody");
  std::size_t shown = 0;
  for (const ExplainedFunction& function : metric.functions) {
    if (++shown > kMostRows) break;
    html.open("tr");
    html.open("th", {{"scope", "row"}}).element("code", function.name).close();
    html.element("td", explained_number(function.difference, true), {{"class", "num"}});
    html.element("td", explained_number(function.first, false), {{"class", "num"}});
    html.element("td", explained_number(function.second, false), {{"class", "num"}});
    html.element("td", function.image);
    html.element("td", state_text(function));
    html.element("td", callers_text(function, 3));
    html.close();
  }
  html.close().close().close();
  if (metric.functions.size() > kMostRows) {
    html.element("p", fmt::format("and {} more, in the data", metric.functions.size() - kMostRows),
                 {{"class", "note"}});
  }
}

void graph(Html& html, const std::vector<FoldedStack>& stacks, const std::string& title, bool two_sides) {
  html.open("div", {{"class", "flame"}});
  html.add(flame_graph(stacks, {.title = title, .two_sides = two_sides}));
  html.close();
}

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

// Nothing in it may end the element or begin another.
std::string embedded(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json)
    out += c == '<' || c == '>' || c == '&' ? fmt::format("\\u{:04x}", static_cast<unsigned>(c)) : std::string(1, c);
  return out;
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
    body.element("h2", metric.metric).element("p", metric_headline(metric), {{"class", "lead"}});
    function_table(body, explanation, metric);
    for (const ExplainedGraphs& of : graphs) {
      if (of.metric != metric.metric) continue;
      graph(body, of.both, "Difference: red is more in " + explanation.second_name + ", blue less", true);
      graph(body, of.first, explanation.first_name, false);
      graph(body, of.second, explanation.second_name, false);
    }
    body.close();
  }
  for (const CodeDiff& diff : code) code_table(body, diff);
  for (const std::string& note : explanation.notes) body.element("p", note, {{"class", "note"}});
  return fill_template(report_template("explanation.html"), {{"title", html_text(title)},
                                                             {"style", std::string(report_template("report.css"))},
                                                             {"body", body.str()},
                                                             {"data", embedded(explanation_to_json(explanation))}});
}

}  // namespace aios
