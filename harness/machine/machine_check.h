// SPDX-License-Identifier: Apache-2.0
// What a back end finds out about one of its machines without measuring anything: what is there, what is missing, what
// to do about it. `doctor` prints it.
#pragma once

#include <string>
#include <vector>

namespace aios {

enum class Health { good, limited, missing };

struct MachineFinding {
  Health health = Health::good;
  std::string detail;  // what was found
  std::string remedy;  // what to install or change; empty when good
};
using MachineFindings = std::vector<MachineFinding>;

// The worst of them, all that was found, and all that is to be done.
MachineFinding sum_up(const MachineFindings& findings);

}  // namespace aios
