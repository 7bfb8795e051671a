// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain.h"
#include "harness/model/json_fields.h"

namespace aios {
namespace {

OrderedJson function_json(const ExplainedFunction& function) {
  OrderedJson out{{"function", function.name},
                  {"image", function.image},
                  {"first", json_number(function.first)},
                  {"second", json_number(function.second)},
                  {"difference", json_number(function.difference)},
                  {"state", to_string(function.state)}};
  if (!function.first_symbols.empty()) out["first_symbols"] = function.first_symbols;
  if (!function.second_symbols.empty()) out["second_symbols"] = function.second_symbols;
  OrderedJson callers = OrderedJson::array();
  for (const CallerShare& caller : function.callers) {
    callers.push_back(
        {{"caller", caller.caller}, {"first", json_number(caller.first)}, {"second", json_number(caller.second)}});
  }
  out["callers"] = std::move(callers);
  return out;
}

}  // namespace

std::string explanation_to_json(const Explanation& explanation, int indent) {
  OrderedJson out;
  out["first"] = {{"name", explanation.first_name}, {"run", explanation.first_run}};
  out["second"] = {{"name", explanation.second_name}, {"run", explanation.second_run}};
  out["notes"] = explanation.notes;
  OrderedJson metrics = OrderedJson::array();
  for (const MetricExplanation& metric : explanation.metrics) {
    OrderedJson row{{"metric", metric.metric},
                    {"scenario", metric.scenario},
                    {"unit", "instructions"},
                    {"first", json_number(metric.first)},
                    {"second", json_number(metric.second)},
                    {"difference", json_number(metric.difference)},
                    {"first_basis", metric.first_typical ? "median" : "mean"},
                    {"second_basis", metric.second_typical ? "median" : "mean"}};
    if (metric.first_measured) row["first_measured"] = json_number(*metric.first_measured);
    if (metric.second_measured) row["second_measured"] = json_number(*metric.second_measured);
    row["callers_known"] = metric.callers;
    OrderedJson functions = OrderedJson::array();
    for (const ExplainedFunction& function : metric.functions) functions.push_back(function_json(function));
    row["functions"] = std::move(functions);
    metrics.push_back(std::move(row));
  }
  out["metrics"] = std::move(metrics);
  return dump_json(out, indent);
}

}  // namespace aios
