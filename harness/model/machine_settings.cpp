// SPDX-License-Identifier: Apache-2.0
#include "harness/model/machine_settings.h"

#include "harness/support/text.h"

namespace aios {

std::map<std::string, std::string> machine_settings(const MachineSpec& machine) {
  std::map<std::string, std::string> out;
  if (!machine.defined_in.empty()) out["defined in"] = machine.defined_in;
  if (!machine.pass_through.empty()) out["passed through"] = join(machine.pass_through, ", ");
  if (machine.libvirt) out.merge(libvirt_settings_words(*machine.libvirt));
  if (machine.board_settings) out.merge(board_settings_words(*machine.board_settings));
  return out;
}

}  // namespace aios
