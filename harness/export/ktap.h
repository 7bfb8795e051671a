// SPDX-License-Identifier: Apache-2.0
// Runs as KTAP, for what reads kselftest and KUnit: a subtest a run, a test a boot, a scenario and a check. A fault of
// the lab is marked with KTAP's own word ERROR. What was measured stands in diagnostic lines, which no reader judges.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

std::string export_ktap(const std::vector<RunRecord>& runs);

}  // namespace aios
