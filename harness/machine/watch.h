// SPDX-License-Identifier: Apache-2.0
// The shared upper layer, whole: prepare, boot, watch, ask, end, with one loop and no sleep in it. What comes back is
// the evidence of one boot; an error only where there was no boot to speak of (bad spec, no scratch, no program).
#pragma once

#include "harness/machine/evidence.h"
#include "harness/machine/machine.h"
#include "harness/machine/watch_plan.h"

namespace aios {

Result<BootEvidence> watch_boot(Machine& machine, const BootSpec& spec, const WatchPlan& plan, const WatchHooks& hooks,
                                const std::filesystem::path& scratch, const MachineEnvironment& environment);

}  // namespace aios
