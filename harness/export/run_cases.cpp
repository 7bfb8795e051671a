// SPDX-License-Identifier: Apache-2.0
#include "harness/export/run_cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/export/metric_row.h"

namespace aios {
namespace {

CaseOutcome outcome_of(const BootRecord& boot) {
  if (boot.ok) return CaseOutcome::passed;
  const bool kernel = boot.error_kind == to_string(ErrorKind::kernel_fault);
  return kernel ? CaseOutcome::failed : CaseOutcome::lab_error;
}

}  // namespace

std::vector<RunCase> run_cases(const RunRecord& run) {
  std::vector<RunCase> cases;
  for (const BootRecord& boot : run.boots) {
    RunCase entry{run.subject, fmt::format("boot {}", boot.index), outcome_of(boot), boot.error};
    if (!boot.ok && entry.text.empty()) entry.text = boot.end_state;
    cases.push_back(std::move(entry));
  }
  for (const std::string& scenario : run.scenarios) {
    RunCase entry{run.subject, "scenario " + scenario, CaseOutcome::passed, ""};
    for (const BootRecord& boot : run.boots) {
      const auto& failed = boot.scenarios_failed;
      if (std::find(failed.begin(), failed.end(), scenario) == failed.end()) continue;
      entry.outcome = CaseOutcome::failed;
      entry.text += fmt::format("failed in boot {}\n", boot.index);
    }
    cases.push_back(std::move(entry));
  }
  for (const MetricRow& row : metric_rows(run)) {
    if (row.metric.unit != Unit::yes_no) continue;
    RunCase entry{fmt::format("{}.{}", run.subject, row.metric.scenario), row.metric.name, CaseOutcome::passed,
                  row.sample->detail};
    if (row.sample->skipped) {
      entry.outcome = CaseOutcome::skipped;
    } else if (row.lowest == 0) {
      entry.outcome = CaseOutcome::failed;
    }
    cases.push_back(std::move(entry));
  }
  return cases;
}

}  // namespace aios
