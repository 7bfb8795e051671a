// SPDX-License-Identifier: Apache-2.0
// Doing a stored run again: what was asked for then, and, afterwards, whether the two agree. In exact mode equal inputs
// must give equal numbers; where they do not, the inputs that differ are the first thing to know.
#pragma once

#include <string>
#include <vector>

#include "harness/run/request.h"
#include "harness/store/store.h"

namespace aios {

Result<RunRequest> request_of(const Store& store, const std::string& id);

struct RunDifference {
  std::string what;  // "input kernel", "syscall.null, boot 1"
  std::string before, after;
};

// Inputs first, then outcomes of boots, then figures. Empty: the two agree in everything but their provenance.
std::vector<RunDifference> differences(const RunRecord& before, const RunRecord& after);

}  // namespace aios
