// SPDX-License-Identifier: Apache-2.0
// A machine as data: what it is called, which back end drives it, and what it can do. The planner reads the abilities;
// the back ends themselves live in harness/machine.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/model/board_settings.h"
#include "harness/model/libvirt_settings.h"
#include "harness/model/unit.h"

namespace aios {

enum class Mode { exact, timed, automatic };

struct MachineSpec {
  std::string name;     // "qemu-exact", "qemu-kvm", ...
  std::string backend;  // "qemu", "fake", ...
  std::string description;
  Fidelity fidelity = Fidelity::exact;
  std::set<std::string>
      abilities;            // "exact", "counts", "guest_program", "smp", "disk", "vga", "snapshot", "gpu", "power", ...
  std::string accelerator;  // "tcg-icount", "tcg", "kvm"
  std::string board;        // QEMU machine type: "q35", "microvm"
  std::string cpu_model;
  int cpus = 1;
  int memory_mb = 256;
  double deadline_scale = 1;  // emulation is slower

  std::vector<std::string> pass_through;  // PCI addresses of the host's devices that the guest gets: "0000:01:00.0"
  std::optional<LibvirtSettings> libvirt;
  std::optional<BoardSettings> board_settings;  // [machine.NAME.board]; `board` above is a word
  std::string defined_in;                       // the machine file; empty: built in
};

}  // namespace aios
