// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/support/text.h"
#include "reports/gate.h"
#include "reports/wording.h"

namespace aios {
namespace {

std::string percent(double value) {
  const double size = std::fabs(value);
  return fmt::format("{:.{}f} %", value, size >= 10 ? 0 : size >= 0.1 ? 2 : 3);
}

std::string signed_percent(double value) {
  if (value == 0) return "0 %";
  return (value > 0 ? "+" : "") + percent(value);
}

bool in_time(const ComparisonRow& row) { return row.unit == Unit::nanoseconds || row.unit == Unit::cycles; }

int weight(const GateRow& row) {
  switch (row.verdict) {
    case GateVerdict::fail:
      return row.action == GateAction::block ? 0 : 1;
    case GateVerdict::infrastructure:
      return 2;
    case GateVerdict::inconclusive:
      return 3;
    case GateVerdict::pass:
      return row.accepted.empty() ? 5 : 4;
    case GateVerdict::not_judged:
      return 6;
  }
  return 6;
}

}  // namespace

std::string gate_change_text(const GateRow& row) {
  const ComparisonRow& figures = row.figures;
  if (figures.unit == Unit::yes_no || !figures.first || !figures.second) return {};
  if (in_time(figures)) return figures.ratio ? signed_percent(100 * (*figures.ratio - 1)) : "";
  if (!figures.difference) return {};
  if (*figures.difference == 0) return "0";
  std::string difference = difference_text(figures);
  if (*figures.first == 0) return difference;
  return fmt::format("{} ({})", difference, signed_percent(100 * *figures.difference / std::fabs(*figures.first)));
}

std::string gate_margin_text(const GateRow& row) {
  const bool judged = row.verdict != GateVerdict::not_judged && row.verdict != GateVerdict::infrastructure;
  if (!judged || row.figures.unit == Unit::yes_no || !row.figures.first) return {};
  if (row.margin_value && *row.margin_value == 0) return "nothing";
  return percent(row.margin_percent);
}

std::string gate_shown_text(const GateRow& row) { return row.shown_percent ? signed_percent(*row.shown_percent) : ""; }

std::string gate_catch_text(const GateRow& row) { return row.catches_percent ? percent(*row.catches_percent) : ""; }

std::string gate_remark_text(const GateRow& row) {
  std::vector<std::string> parts;
  if (!row.accepted.empty()) parts.push_back(row.accepted);
  if (!row.reason.empty()) parts.push_back(row.reason);
  if (!row.takes.empty()) parts.push_back("takes " + row.takes);
  if (const std::string classes = classes_text(row.figures); !classes.empty()) parts.push_back(classes);
  if (row.creep && !row.creep->beyond && std::fabs(row.creep->worse_percent) >= 0.005) {
    parts.push_back(fmt::format("{} since the reference, of {}", signed_percent(row.creep->worse_percent),
                                percent(row.creep->budget_percent)));
  }
  if (row.action == GateAction::warn && row.verdict == GateVerdict::fail) parts.emplace_back("only warns");
  return join(parts, "; ");
}

std::string gate_method_text(const GateReport& report) {
  if (report.mode == "exact") {
    return fmt::format("{} of boots under the same null changes on {}; policy: {}",
                       plural(static_cast<std::size_t>(report.pairs), "pair"), report.machine, report.policy);
  }
  if (report.paired) {
    return fmt::format("{} in turn on {}, order drawn from seed {}; level {:g}, intervals {:g} %; policy: {}",
                       plural(static_cast<std::size_t>(report.pairs), "block"), report.machine, report.seed,
                       report.level, 100 * report.confidence, report.policy);
  }
  return fmt::format("{} a side on {}, not in turn; level {:g}, intervals {:g} %; policy: {}",
                     plural(static_cast<std::size_t>(report.pairs), "boot"), report.machine, report.level,
                     100 * report.confidence, report.policy);
}

std::vector<const GateRow*> gate_rows_by_weight(const GateReport& report) {
  std::vector<const GateRow*> out;
  out.reserve(report.rows.size());
  for (const GateRow& row : report.rows) out.push_back(&row);
  std::stable_sort(out.begin(), out.end(), [](const GateRow* a, const GateRow* b) { return weight(*a) < weight(*b); });
  return out;
}

}  // namespace aios
