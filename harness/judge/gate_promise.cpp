// SPDX-License-Identifier: Apache-2.0
// What this run could have seen: without it, a pass says nothing.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/judge/gate_row.h"
#include "harness/judge/null_fence.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct Reach {
  double low = 0, high = 0;
  std::string low_metric, high_metric;
  int metrics = 0;

  void add(const GateRow& row) {
    const double value = *row.catches_percent;
    if (metrics == 0 || value < low) {
      low = value;
      low_metric = row.figures.metric;
    }
    if (metrics == 0 || value > high) {
      high = value;
      high_metric = row.figures.metric;
    }
    ++metrics;
  }
};

std::string percent_text(double value) {
  if (value < 0.001) return "under 0.001 %";
  return value < 0.1  ? fmt::format("{:.3f} %", value)
         : value < 10 ? fmt::format("{:.1f} %", value)
                      : fmt::format("{:.0f} %", value);
}

std::string reach_text(const Reach& reach) {
  if (reach.metrics == 1 || percent_text(reach.low) == percent_text(reach.high)) return percent_text(reach.high);
  return fmt::format("{} ({}) to {} ({})", percent_text(reach.low), reach.low_metric, percent_text(reach.high),
                     reach.high_metric);
}

std::string cases_text(double power) {
  return power == 0.9 ? "in nine of ten cases" : fmt::format("in {:.0f} % of cases", 100 * power);
}

}  // namespace

std::string promise_of(const GateReport& report) {
  Reach loops;
  Reach boots;
  Reach times;
  Reach others;
  int to_the_instruction = 0;
  for (const GateRow& row : report.rows) {
    if (row.action == GateAction::ignore || !row.catches_percent) continue;
    const ComparisonRow& figures = row.figures;
    if (figures.unit == Unit::nanoseconds || figures.unit == Unit::cycles) {
      times.add(row);
    } else if (steady_loop(figures)) {
      loops.add(row);
      if (row.margin_value.value_or(1) == 0) ++to_the_instruction;
    } else {
      (moves_with_null_changes(figures) ? boots : others).add(row);
    }
  }
  std::vector<std::string> parts;
  if (to_the_instruction > 0) {
    parts.push_back(fmt::format("one instruction more in {} of {} loops", to_the_instruction, loops.metrics));
  }
  if (loops.metrics > to_the_instruction) {
    parts.push_back(fmt::format("{} or more in the others", percent_text(loops.high)));
    if (to_the_instruction == 0) parts.back() = reach_text(loops) + " or more in a loop";
  }
  if (boots.metrics > 0) parts.push_back(reach_text(boots) + " or more of a boot");
  if (others.metrics > 0) parts.push_back(reach_text(others) + " or more of a size");
  if (times.metrics > 0) parts.push_back(reach_text(times) + " or more of a time");
  if (parts.empty()) return "this run could have caught nothing";
  return fmt::format("this run would have caught {}{}", join(parts, ", "),
                     times.metrics > 0 ? " " + cases_text(report.power) : "");
}

}  // namespace aios
