// SPDX-License-Identifier: Apache-2.0
// Runs as JUnit XML, for CI systems that show test results: a suite a run; a case a boot, a scenario and a check made
// in the guest. A kernel's fault is a failure, the lab's an error: red means the kernel.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

std::string export_junit(const std::vector<RunRecord>& runs);

}  // namespace aios
