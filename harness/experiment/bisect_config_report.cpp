// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/experiment/bisect_config.h"
#include "harness/experiment/budget.h"
#include "harness/model/json_fields.h"
#include "harness/support/text.h"

namespace aios {
namespace {

std::string cost_text(double value, Unit unit) { return (value < 0 ? "-" : "+") + format_value(std::abs(value), unit); }

std::string remark(const OptionCost& option) {
  if (!option.note.empty()) return option.note;
  if (!option.as_part_of.empty()) return fmt::format("one of {} that together cost nothing", option.as_part_of.size());
  if (!option.with.empty()) return "on top of " + join({option.with.begin(), option.with.end()}, ", ");
  return {};
}

}  // namespace

std::string config_bisect_to_text(const ConfigBisectReport& report) {
  const ConfigCosts& costs = report.costs;
  const auto row = [&](const std::string& name, const std::string& from, const std::string& to, const std::string& cost,
                       const std::string& note) {
    return fmt::format("  {:<34} {:>8} {:>8} {:>16}{}{}\n", name, from, to, cost, note.empty() ? "" : "  ", note);
  };
  std::string out = fmt::format("{} of {}: {} with {}, {} with {}: {}\n\n", report.request.metric,
                                report.request.run.subject.name(), format_value(costs.first, report.unit),
                                report.request.good_name, format_value(costs.second, report.unit),
                                report.request.bad_name, cost_text(costs.second - costs.first, report.unit));
  out += row("option", "from", "to", "cost", "");
  for (const auto& option : costs.options) {
    out += row(option.option, option.from, option.to, option.cost ? cost_text(*option.cost, report.unit) : "-",
               remark(option));
  }
  out += row("sum", "", "", cost_text(costs.sum, report.unit), "");
  if (costs.remainder != 0) out += row("remainder", "", "", cost_text(costs.remainder, report.unit), "");
  for (const auto& interaction : costs.interactions) {
    out += fmt::format("    {} of it because {} are there together\n", cost_text(interaction.size, report.unit),
                       join(interaction.options, " and "));
  }
  if (costs.unexplained != 0) {
    out += fmt::format("    {} of it has no name yet\n", cost_text(costs.unexplained, report.unit));
  }
  if (!report.without_effect.empty()) {
    out += fmt::format("\nwithout effect here: {}\n", join(report.without_effect, ", "));
  }
  out += fmt::format("\n{} configurations measured, {}\n", report.measured, budget_text(std::max(1.0, report.seconds)));
  return out;
}

std::string config_bisect_to_json(const ConfigBisectReport& report) {
  const ConfigCosts& costs = report.costs;
  OrderedJson options = OrderedJson::array();
  for (const auto& option : costs.options) {
    options.push_back(OrderedJson{{"option", option.option},
                                  {"from", option.from},
                                  {"to", option.to},
                                  {"cost", option.cost ? json_number(*option.cost) : OrderedJson()},
                                  {"with", option.with},
                                  {"as_part_of", option.as_part_of},
                                  {"note", option.note}});
  }
  OrderedJson interactions = OrderedJson::array();
  for (const auto& interaction : costs.interactions) {
    interactions.push_back(OrderedJson{{"options", interaction.options}, {"size", json_number(interaction.size)}});
  }
  const OrderedJson out{{"schema", 1},
                        {"id", report.id},
                        {"subject", report.request.run.subject.name()},
                        {"metric", report.request.metric},
                        {"unit", to_string(report.unit)},
                        {"first", json_number(costs.first)},
                        {"second", json_number(costs.second)},
                        {"difference", json_number(costs.second - costs.first)},
                        {"options", std::move(options)},
                        {"sum", json_number(costs.sum)},
                        {"remainder", json_number(costs.remainder)},
                        {"interactions", std::move(interactions)},
                        {"unexplained", json_number(costs.unexplained)},
                        {"without_effect", report.without_effect},
                        {"measured", report.measured},
                        {"seconds", json_number(report.seconds)}};
  return dump_json(out, 2) + "\n";
}

}  // namespace aios
