// SPDX-License-Identifier: Apache-2.0
// A run as a list of test cases, as CI systems think: each boot, each scenario, each check made in the guest. JUnit and
// KTAP are written from this, so that they agree on what is a failure: what the kernel did. What the lab did is an
// error.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

enum class CaseOutcome { passed, failed, lab_error, skipped };

struct RunCase {
  std::string group;  // "aios.checklist"
  std::string name;   // "boot 0", "checklist.mount_tmpfs"
  CaseOutcome outcome = CaseOutcome::passed;
  std::string text;  // why; may hold what a guest wrote
};

std::vector<RunCase> run_cases(const RunRecord& run);

}  // namespace aios
