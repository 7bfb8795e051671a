// SPDX-License-Identifier: Apache-2.0
// Devices of this host that a run which was killed left with vfio-pci: every command puts them back before it begins.
#pragma once

#include "harness/cli/context.h"
#include "harness/cli/doctor_checks.h"

namespace aios {

// What was found goes to the progress; a command is not kept from its work by it.
void give_back_lent_devices(Context& context);
// The same for `doctor --restore`, which says what it did and looks again at devices in quarantine.
Result<int> restore_lent_devices(Context& context, bool json);
// Left behind and in quarantine, without changing anything.
std::vector<DoctorRow> check_lent_devices();

}  // namespace aios
