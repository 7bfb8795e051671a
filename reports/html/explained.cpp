// SPDX-License-Identifier: Apache-2.0
#include "reports/html/explained.h"

#include <fmt/format.h>

#include "reports/explanation.h"
#include "reports/flame_graph.h"
#include "reports/html/parts.h"

namespace aios {
namespace {

void flame(Html& html, const std::vector<FoldedStack>& stacks, const std::string& title, bool two_sides) {
  if (stacks.empty()) return;
  html.open("div", {{"class", "flame"}, {"role", "region"}, {"aria-label", title}, {"tabindex", "0"}});
  html.add(flame_graph(stacks, {.title = title, .two_sides = two_sides}));
  html.close();
}

}  // namespace

std::string explained_summary(const Explanation& explanation, const MetricExplanation& metric) {
  if (!explanation.second_name.empty()) return metric_headline(metric);
  return fmt::format("{} instructions an iteration", explained_number(metric.first, false));
}

void explained_functions(Html& html, const Explanation& explanation, const MetricExplanation& metric,
                         std::size_t most) {
  const bool two = !explanation.second_name.empty();
  std::vector<Head> heads = {{"Function"}};
  if (two) heads.push_back({"Difference", true});
  heads.push_back({two ? explanation.first_name : "Instructions", true});
  if (two) heads.push_back({explanation.second_name, true});
  heads.push_back({"In"});
  if (two) heads.push_back({"State"});
  heads.push_back({"Called by"});
  begin_table(html, "Functions of " + metric.metric + ", instructions of an iteration in the function itself", heads);
  std::size_t shown = 0;
  for (const ExplainedFunction& function : metric.functions) {
    if (shown++ == most) break;
    html.open("tr").open("th", {{"scope", "row"}}).element("code", function.name).close();
    if (two) html.element("td", explained_number(function.difference, true), {{"class", "num"}});
    html.element("td", explained_number(function.first, false), {{"class", "num"}});
    if (two) html.element("td", explained_number(function.second, false), {{"class", "num"}});
    text_cell(html, function.image);
    if (two) text_cell(html, state_text(function));
    text_cell(html, callers_text(function, 3));
    html.close();
  }
  end_table(html);
  if (metric.functions.size() > most) {
    html.element("p", fmt::format("and {} more functions", metric.functions.size() - most), {{"class", "note"}});
  }
}

void explained_graphs(Html& html, const Explanation& explanation, const std::string& metric,
                      const std::vector<ExplainedGraphs>& graphs) {
  for (const ExplainedGraphs& of : graphs) {
    if (of.metric != metric) continue;
    const std::string& second = explanation.second_name;
    if (!second.empty()) flame(html, of.both, "Difference: red is more in " + second + ", blue less", true);
    flame(html, of.first, explanation.first_name, false);
    if (!second.empty()) flame(html, of.second, second, false);
  }
}

}  // namespace aios
