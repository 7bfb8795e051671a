// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/experiment/bisect.h"
#include "harness/experiment/budget.h"
#include "harness/model/json_fields.h"
#include "harness/support/text.h"

namespace aios {
namespace {

std::string short_hash(const std::string& id) { return id.substr(0, 12); }

std::string signed_value(double value, Unit unit) {
  return (value < 0 ? "-" : "+") + format_value(std::abs(value), unit);
}

std::string title_of(const BisectReport& report, const std::string& id) {
  const Commit* commit = report.history.find(id);
  return commit == nullptr ? "" : printable(commit->title);
}

OrderedJson step_json(const BisectReport& report, const BisectStep& step) {
  OrderedJson inside = OrderedJson::array();
  for (const auto& inner : step.inside) inside.push_back(step_json(report, inner));
  return {{"commit", step.commit},
          {"title", title_of(report, step.commit)},
          {"size", json_number(step.size())},
          {"before", json_number(step.before)},
          {"after", json_number(step.after)},
          {"confidence", json_number(step.confidence)},
          {"or_with", step.or_with},
          {"inside", std::move(inside)},
          {"own", json_number(step.own())}};
}

void step_text(const BisectReport& report, const BisectStep& step, std::size_t depth, std::string& out) {
  const std::string indent(2 + 2 * depth, ' ');
  out += fmt::format("{}{:>14}  {}  {}   {} -> {}", indent, signed_value(step.size(), report.unit),
                     short_hash(step.commit), title_of(report, step.commit), format_value(step.before, report.unit),
                     format_value(step.after, report.unit));
  if (!report.exact) out += fmt::format("   {:.1f} % sure", 100 * step.confidence);
  out += '\n';
  for (const auto& other : step.or_with) {
    out += fmt::format("{}{:>14}  {}  {}   (cannot be measured)\n", indent, "or with", short_hash(other),
                       title_of(report, other));
  }
  for (const auto& inner : step.inside) step_text(report, inner, depth + 1, out);
  if (!step.inside.empty()) {
    out += fmt::format("{}  {:>14}  the merge itself\n", indent, signed_value(step.own(), report.unit));
  }
}

std::vector<std::string> skipped_commits(const BisectReport& report) {
  std::vector<std::string> out;
  for (const auto& [id, point] : report.points) {
    if (point.broken) out.push_back(id);
  }
  return out;
}

}  // namespace

std::string bisect_to_text(const BisectReport& report) {
  const BisectAnswer& answer = report.answer;
  const double difference = answer.bad_value - answer.good_value;
  std::string out =
      fmt::format("{} of {}: {} at {} (good), {} at {} (bad): {} over {} commits\n", report.request.metric,
                  report.request.run.subject.name(), format_value(answer.good_value, report.unit),
                  report.request.good_name, format_value(answer.bad_value, report.unit), report.request.bad_name,
                  signed_value(difference, report.unit), report.commits - 1);
  if (!report.stopped.empty()) out += fmt::format("not sure: {}\n", report.stopped);
  out += '\n';
  if (answer.steps.empty()) {
    out +=
        fmt::format("  no step{}\n", answer.limit > 0 ? " larger than " + format_value(answer.limit, report.unit) : "");
  }
  for (const auto& step : answer.steps) step_text(report, step, 0, out);
  if (!answer.steps.empty() && answer.remainder != 0) {
    out += fmt::format("  {:>14}  in steps of at most {}, or none of one commit\n",
                       signed_value(answer.remainder, report.unit), format_value(answer.limit, report.unit));
  }
  const auto skipped = skipped_commits(report);
  out += fmt::format("\n{} commits measured in {} boots, {}", report.points.size() - skipped.size(), report.boots,
                     budget_text(std::max(1.0, report.seconds)));
  out += report.exact ? "; exact\n" : fmt::format("; {:.1f} % sure of all of it\n", 100 * answer.confidence);
  for (const auto& id : skipped) {
    out +=
        fmt::format("skipped {} {}: {}\n", short_hash(id), title_of(report, id), printable(report.points.at(id).why));
  }
  return out;
}

std::string bisect_to_json(const BisectReport& report) {
  const BisectAnswer& answer = report.answer;
  OrderedJson steps = OrderedJson::array();
  for (const auto& step : answer.steps) steps.push_back(step_json(report, step));
  OrderedJson skipped = OrderedJson::array();
  for (const auto& id : skipped_commits(report)) {
    skipped.push_back(
        OrderedJson{{"commit", id}, {"title", title_of(report, id)}, {"why", printable(report.points.at(id).why)}});
  }
  OrderedJson measured = OrderedJson::object();
  for (const auto& [id, point] : report.points) {
    if (!point.broken) measured[id] = json_number(point_value(point));
  }
  const OrderedJson out{{"schema", 1},
                        {"id", report.id},
                        {"subject", report.request.run.subject.name()},
                        {"metric", report.request.metric},
                        {"unit", to_string(report.unit)},
                        {"good", report.request.good},
                        {"bad", report.request.bad},
                        {"good_value", json_number(answer.good_value)},
                        {"bad_value", json_number(answer.bad_value)},
                        {"difference", json_number(answer.bad_value - answer.good_value)},
                        {"commits", report.commits - 1},
                        {"exact", report.exact},
                        {"settled", answer.settled},
                        {"stopped", report.stopped},
                        {"confidence", json_number(answer.confidence)},
                        {"limit", json_number(answer.limit)},
                        {"steps", std::move(steps)},
                        {"remainder", json_number(answer.remainder)},
                        {"skipped", std::move(skipped)},
                        {"measured", std::move(measured)},
                        {"boots", report.boots},
                        {"seconds", json_number(report.seconds)}};
  return dump_json(out, 2) + "\n";
}

}  // namespace aios
