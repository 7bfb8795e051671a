// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "harness/judge/comparison.h"
#include "harness/support/json.h"

namespace aios {
namespace {

constexpr std::array<std::string_view, 8> kChanges = {
    "same", "better", "worse", "changed", "inconclusive", "not compared", "only in first", "only in second"};

template <typename T>
OrderedJson or_null(const std::optional<T>& value) {
  return value ? OrderedJson(*value) : OrderedJson(nullptr);
}

OrderedJson row_json(const ComparisonRow& row) {
  OrderedJson classes = OrderedJson::object();
  for (const ClassChange& entry : row.classes) {
    classes[std::string(to_string(entry.which))] = {{"first", entry.first}, {"second", entry.second}};
  }
  return {{"metric", row.metric},
          {"scenario", row.scenario},
          {"unit", to_string(row.unit)},
          {"direction", to_string(row.direction)},
          {"kind", to_string(row.kind)},
          {"fidelity", row.fidelity ? OrderedJson(to_string(*row.fidelity)) : OrderedJson(nullptr)},
          {"first", or_null(row.first)},
          {"second", or_null(row.second)},
          {"difference", or_null(row.difference)},
          {"ratio", or_null(row.ratio)},
          {"difference_low", or_null(row.difference_low)},
          {"difference_high", or_null(row.difference_high)},
          {"ratio_low", or_null(row.ratio_low)},
          {"ratio_high", or_null(row.ratio_high)},
          {"confidence", or_null(row.confidence)},
          {"p", or_null(row.p)},
          {"first_samples", row.first_samples},
          {"second_samples", row.second_samples},
          {"pairs", row.pairs},
          {"classes", std::move(classes)},
          {"verdict", to_string(row.change)},
          {"reason", row.reason},
          {"warnings", row.warnings}};
}

}  // namespace

std::string_view to_string(Change change) { return kChanges[static_cast<std::size_t>(change)]; }

std::string_view verdict_word(const Comparison& comparison) {
  return comparison.comparable ? to_string(comparison.verdict) : "refused";
}

std::string comparison_to_json(const Comparison& comparison, int indent) {
  OrderedJson differences = OrderedJson::array();
  for (const InputDifference& entry : comparison.differences) {
    differences.push_back({{"key", entry.key},
                           {"first", entry.first},
                           {"second", entry.second},
                           {"refused", entry.refused},
                           {"meaning", entry.meaning}});
  }
  OrderedJson rows = OrderedJson::array();
  for (const ComparisonRow& row : comparison.rows) rows.push_back(row_json(row));
  const OrderedJson object{
      {"first",
       {{"run", comparison.first_run}, {"subject", comparison.first_subject}, {"name", comparison.first_name}}},
      {"second",
       {{"run", comparison.second_run}, {"subject", comparison.second_subject}, {"name", comparison.second_name}}},
      {"comparable", comparison.comparable},
      {"differences", std::move(differences)},
      {"verdict", verdict_word(comparison)},
      {"reason", comparison.reason},
      {"exit_code", comparison.exit_code},
      {"warnings", comparison.warnings},
      {"rows", std::move(rows)}};
  return dump_json(object, indent);
}

}  // namespace aios
