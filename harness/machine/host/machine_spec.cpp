// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/conditions.h"
#include "harness/machine/host/host_machine.h"
#include "harness/machine/host/time_stamp_counter.h"

namespace aios::host {

MachineSpec machine_spec() {
  MachineSpec spec;
  spec.name = "host";
  spec.backend = "host";
  spec.description = "this computer, under the kernel that runs: real time, real noise; boots nothing";
  spec.accelerator = "native";
  spec.board = "host";
  spec.cpu_model = processor_model();
  spec.fidelity = Fidelity::timed;
  spec.abilities = {"guest_program", "running_kernel", "timed"};
  if (invariant_tsc()) spec.abilities.insert("cycles");
  return spec;
}

}  // namespace aios::host
