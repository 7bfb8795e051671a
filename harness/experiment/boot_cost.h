// SPDX-License-Identifier: Apache-2.0
// What a boot costs in time, from the runs that were made before: so that an experiment can say what it will take
// before it starts, and fit itself into a budget.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

struct BootCost {
  double seconds = 0;  // of one boot, the mean over the scenarios that were asked for
  int boots = 0;       // that it rests on; 0: a guess
};

// `runs`: the newest first. Runs of this kernel on this machine count; of other kernels, where there is none.
BootCost learn_boot_cost(const std::vector<RunRecord>& runs, const std::string& kernel, const std::string& machine,
                         const std::vector<std::string>& scenarios);

}  // namespace aios
