// SPDX-License-Identifier: Apache-2.0
// What any command owes the boards of a lab: one that a killed harness left half-way is finished by the next command,
// and one that does not boot a kernel known to be good is put aside with its evidence.
#pragma once

#include "harness/cli/context.h"
#include "harness/model/machine.h"
#include "harness/model/run_record.h"

namespace aios {

// Says what it did; a board that cannot be finished now is said, too, and stops nothing.
void finish_boards(const Context& context, const std::vector<MachineSpec>& machines);

// Nothing for a machine that is no board. `failed`: the run of the known-good kernel, `store` has its logs.
void quarantine_board(const Context& context, const MachineSpec& machine, const RunRecord& failed);

}  // namespace aios
