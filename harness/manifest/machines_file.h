// SPDX-License-Identifier: Apache-2.0
// machines.toml: the machines of a project, a user or a lab. Each is a table, and says how it differs from one that is
// known already, or everything (machine_manifest.h has the keys):
//
//   [machine.lab]
//   like = "libvirt"                 # built in, from an earlier file, or from this one
//   memory_mb = 512
//   [machine.lab.libvirt]
//   uri = "qemu+ssh://lab/system"
//
// Files are read from the farthest to the nearest; a machine of a nearer one takes the place of its namesake.
#pragma once

#include <vector>

#include "harness/model/machine.h"
#include "harness/support/files.h"

namespace aios {

inline constexpr const char* kMachinesFile = "machines.toml";

// `known` with what the file says: those of the same name replaced, the others at the end in the order of their names.
Result<std::vector<MachineSpec>> add_machines_file(std::vector<MachineSpec> known, const fs::path& file);

// The project's file: in `folder`, or in one above it up to where the repository begins. Outside of a repository only
// in `folder`: what lies in a stranger's folder above is nobody's project. Empty: there is none.
fs::path project_machines_file(const fs::path& folder);

}  // namespace aios
