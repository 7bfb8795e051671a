// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/machine_check.h"

#include <algorithm>

namespace aios {

MachineFinding sum_up(const MachineFindings& findings) {
  MachineFinding out;
  const auto add = [](std::string& text, const std::string& more, const char* between) {
    if (!more.empty()) text += (text.empty() ? "" : between) + more;
  };
  for (const MachineFinding& finding : findings) {
    out.health = std::max(out.health, finding.health);
    add(out.detail, finding.detail, ", ");
    add(out.remedy, finding.remedy, "; ");
  }
  return out;
}

}  // namespace aios
