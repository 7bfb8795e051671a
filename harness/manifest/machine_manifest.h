// SPDX-License-Identifier: Apache-2.0
// What a file says of one machine -> MachineSpec: what it is called, which back end drives it, what it can do. A claim
// that cannot be judged here names a file with one machine; machines_file.h reads those that hold many.
//
//   name = "bare-metal"   backend = "board"   description = "..."   fidelity = "timed"
//   abilities = ["guest_program", "cycles"]
//   accelerator = "kvm"   board = "q35"   cpu_model = "host"   cpus = 4   memory_mb = 4096   deadline_scale = 1.0
//   pass_through = ["0000:01:00.0"]   [libvirt] (libvirt_settings.cpp)   [board] (board_settings.cpp)
#pragma once

#include "harness/manifest/toml_reader.h"
#include "harness/model/machine.h"

namespace aios {

Result<MachineSpec> read_machine_manifest(const fs::path& file);

// Every key but `name`. `machine` holds what stands where a key is missing; `complete` says that it is a machine
// already, and not one that still has to be told what it is.
Status read_machine_keys(TomlTable& table, MachineSpec& machine, bool complete);

Status read_libvirt_settings(TomlTable& table, LibvirtSettings& settings);
Status read_board_settings(TomlTable& table, BoardSettings& settings);

}  // namespace aios
