// SPDX-License-Identifier: Apache-2.0
// What a QEMU machine needs of this computer: QEMU, and where it is to use KVM, a KVM that boots something.
#pragma once

#include "harness/machine/machine.h"
#include "harness/machine/machine_check.h"

namespace aios::qemu {

MachineFindings check(const MachineSpec& spec, const MachineEnvironment& environment);

}  // namespace aios::qemu
