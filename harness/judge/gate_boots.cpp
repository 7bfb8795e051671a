// SPDX-License-Identifier: Apache-2.0
// Boots that did not go through. A scenario that the candidate's kernel breaks is red; one that the lab broke is not;
// one that the baseline itself breaks leaves nothing to hold the candidate to.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/judge/gate_row.h"

namespace aios {
namespace {

enum class Fate { fine, kernel, lab };

struct ScenarioFate {
  Fate fate = Fate::fine;
  std::string why;
};

ScenarioFate fate_of(const RunRecord& run, const std::string& scenario) {
  ScenarioFate out;
  for (const BootRecord& boot : run.boots) {
    if (boot.scenario != scenario) continue;
    const auto& broken = boot.scenarios_failed;
    const bool failed = std::find(broken.begin(), broken.end(), scenario) != broken.end();
    if (boot.ok && !failed) continue;
    const bool kernel = failed || boot.error_kind == to_string(ErrorKind::kernel_fault);
    // One boot that the kernel broke outweighs any that the lab did.
    if (out.fate == Fate::kernel) continue;
    if (!kernel && out.fate == Fate::lab) continue;
    out.fate = kernel ? Fate::kernel : Fate::lab;
    out.why = fmt::format("boot {}: {}", boot.index,
                          !boot.error.empty()   ? boot.end_state + ": " + boot.error
                          : !boot.notes.empty() ? boot.notes.front()
                                                : boot.end_state);
  }
  return out;
}

GateRow row_for(const std::string& scenario, const ScenarioFate& first, const ScenarioFate& second) {
  GateRow row;
  row.figures.metric = "runs." + scenario;
  row.figures.scenario = scenario;
  row.figures.unit = Unit::yes_no;
  row.figures.direction = Direction::higher_is_better;
  row.figures.kind = MetricKind::yes_no;
  row.figures.first = first.fate == Fate::fine ? 1 : 0;
  row.figures.second = second.fate == Fate::fine ? 1 : 0;
  if (second.fate == Fate::kernel && first.fate == Fate::fine) {
    row.verdict = GateVerdict::fail;
    row.reason = "the candidate does not get through it: " + second.why;
  } else if (second.fate == Fate::lab || first.fate == Fate::lab) {
    row.verdict = GateVerdict::infrastructure;
    row.reason = second.fate == Fate::lab ? second.why : "of the baseline: " + first.why;
    row.takes = "the same gate again, once the lab is well: aios-bench doctor";
  } else {
    row.verdict = GateVerdict::inconclusive;
    row.reason = "the baseline itself does not get through it: " + first.why;
    row.takes = "a baseline that runs";
  }
  return row;
}

}  // namespace

std::map<std::string, GateVerdict> judge_boots(const RunRecord& first, const RunRecord& second,
                                               std::vector<GateRow>& rows) {
  std::set<std::string> scenarios(first.scenarios.begin(), first.scenarios.end());
  scenarios.insert(second.scenarios.begin(), second.scenarios.end());
  std::map<std::string, GateVerdict> out;
  for (const std::string& scenario : scenarios) {
    const ScenarioFate a = fate_of(first, scenario);
    const ScenarioFate b = fate_of(second, scenario);
    if (a.fate == Fate::fine && b.fate == Fate::fine) continue;
    rows.push_back(row_for(scenario, a, b));
    out[scenario] = rows.back().verdict;
  }
  return out;
}

}  // namespace aios
