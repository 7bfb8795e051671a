// SPDX-License-Identifier: Apache-2.0
// What this computer's own figures will be worth.
#pragma once

#include "harness/machine/machine.h"
#include "harness/machine/machine_check.h"

namespace aios::host {

MachineFindings check(const MachineSpec& spec, const MachineEnvironment& environment);

}  // namespace aios::host
