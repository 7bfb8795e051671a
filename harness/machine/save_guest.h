// SPDX-License-Identifier: Apache-2.0
// Boots a guest up to the place where it can be saved (POINT 4 of aios-init) and saves it there. A guest that does not
// come so far is not judged here: whoever asked boots it cold, where every end is told apart.
#pragma once

#include "harness/machine/machine.h"
#include "harness/machine/watch_plan.h"

namespace aios {

Status save_guest(Machine& machine, const BootSpec& spec, const WatchPlan& plan, const std::filesystem::path& scratch,
                  const MachineEnvironment& environment, const std::filesystem::path& out);

}  // namespace aios
