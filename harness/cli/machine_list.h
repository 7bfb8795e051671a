// SPDX-License-Identifier: Apache-2.0
// The machines that there are for this command: built in, then the project's file, the user's and the one named with
// --machines, each of which may add machines and replace earlier ones.
#pragma once

#include <vector>

#include "harness/cli/context.h"
#include "harness/model/machine.h"

namespace aios {

Result<std::vector<MachineSpec>> machine_list(const Context& context);
// The files that were found, farthest first.
std::vector<fs::path> machine_files(const Context& context);

}  // namespace aios
