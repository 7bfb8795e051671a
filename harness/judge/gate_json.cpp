// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/gate_report.h"
#include "harness/support/json.h"

namespace aios {
namespace {

constexpr int kGateSchema = 1;

template <typename T>
OrderedJson maybe(const std::optional<T>& value) {
  return value ? OrderedJson(*value) : OrderedJson(nullptr);
}

OrderedJson creep_json(const std::optional<Creep>& creep) {
  if (!creep) return nullptr;
  return {{"reference", maybe(creep->reference)},
          {"worse_percent", creep->worse_percent},
          {"budget_percent", creep->budget_percent},
          {"beyond", creep->beyond}};
}

OrderedJson gate_row_json(const GateRow& row) {
  const ComparisonRow& figures = row.figures;
  OrderedJson classes = OrderedJson::object();
  for (const ClassChange& entry : figures.classes) {
    classes[std::string(to_string(entry.which))] = {{"first", entry.first}, {"second", entry.second}};
  }
  return {{"metric", figures.metric},
          {"scenario", figures.scenario},
          {"verdict", to_string(row.verdict)},
          {"action", to_string(row.action)},
          {"unit", to_string(figures.unit)},
          {"direction", to_string(figures.direction)},
          {"first", maybe(figures.first)},
          {"second", maybe(figures.second)},
          {"difference", maybe(figures.difference)},
          {"ratio", maybe(figures.ratio)},
          {"ratio_low", maybe(figures.ratio_low)},
          {"ratio_high", maybe(figures.ratio_high)},
          {"confidence", maybe(figures.confidence)},
          {"p", maybe(figures.p)},
          {"q", maybe(row.q)},
          {"pairs", figures.pairs},
          {"first_samples", figures.first_samples},
          {"second_samples", figures.second_samples},
          {"margin_percent", row.margin_percent},
          {"margin_value", maybe(row.margin_value)},
          {"fence_percent", maybe(row.fence_percent)},
          {"shown_percent", maybe(row.shown_percent)},
          {"catches_percent", maybe(row.catches_percent)},
          {"classes", std::move(classes)},
          {"creep", creep_json(row.creep)},
          {"accepted", row.accepted},
          {"reason", row.reason},
          {"takes", row.takes},
          {"warnings", figures.warnings}};
}

}  // namespace

std::string gate_to_json(const GateReport& report, int indent) {
  OrderedJson rows = OrderedJson::array();
  for (const GateRow& row : report.rows) rows.push_back(gate_row_json(row));
  OrderedJson differences = OrderedJson::array();
  for (const InputDifference& entry : report.differences) {
    differences.push_back({{"key", entry.key},
                           {"first", entry.first},
                           {"second", entry.second},
                           {"refused", entry.refused},
                           {"meaning", entry.meaning}});
  }
  const OrderedJson object{
      {"schema", kGateSchema},
      {"verdict", to_string(report.verdict)},
      {"reason", report.reason},
      {"exit_code", report.exit_code},
      {"promise", report.promise},
      {"first", {{"run", report.first_run}, {"subject", report.first_subject}, {"name", report.first_name}}},
      {"second", {{"run", report.second_run}, {"subject", report.second_subject}, {"name", report.second_name}}},
      {"reference", report.reference_run},
      {"mode", report.mode},
      {"machine", report.machine},
      {"policy", report.policy},
      {"level", report.level},
      {"confidence", report.confidence},
      {"power", report.power},
      {"pairs", report.pairs},
      {"paired_blocks", report.paired},
      {"seed", report.seed},
      {"order", report.order},
      {"differences", std::move(differences)},
      {"notes", report.notes},
      {"rows", std::move(rows)}};
  return dump_json(object, indent);
}

}  // namespace aios
