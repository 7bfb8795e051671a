// SPDX-License-Identifier: Apache-2.0
// Every sample that a run holds for a metric: those that were stored, and those that the harness knows without a guest
// having said them: host wall clocks that an exact run keeps in its provenance (as bounded time), and the config audit.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

std::vector<Sample> measured(const RunRecord& run, const std::string& metric);

}  // namespace aios
