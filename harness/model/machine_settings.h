// SPDX-License-Identifier: Apache-2.0
// What a run says of its machine: every setting that a machine file gave it, as words. No secret can be among them:
// a MachineSpec holds only where one is to be found.
#pragma once

#include <map>
#include <string>

#include "harness/model/machine.h"

namespace aios {

// Without those that have their own place in a run (its name, fidelity, processor). Empty for a machine that is built
// in and has no settings of its own.
std::map<std::string, std::string> machine_settings(const MachineSpec& machine);

std::map<std::string, std::string> libvirt_settings_words(const LibvirtSettings& settings);
std::map<std::string, std::string> board_settings_words(const BoardSettings& settings);

}  // namespace aios
