// SPDX-License-Identifier: Apache-2.0
// A machine file -> MachineSpec: what a machine is called, which back end drives it, what it can do. A claim that
// cannot be judged here names such a file.
//
//   name = "bare-metal"   backend = "board"   description = "..."   fidelity = "timed"
//   abilities = ["guest_program", "cycles"]
//   accelerator = "kvm"   board = "q35"   cpu_model = "host"   cpus = 4   memory_mb = 4096   deadline_scale = 1.0
#pragma once

#include "harness/model/machine.h"
#include "harness/support/files.h"

namespace aios {

Result<MachineSpec> read_machine_manifest(const fs::path& file);

}  // namespace aios
