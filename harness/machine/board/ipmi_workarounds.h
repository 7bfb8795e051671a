// SPDX-License-Identifier: Apache-2.0
// FreeIPMI's names of what a BMC does otherwise than the standard says, as its bits. Power and console share them.
#pragma once

#include <string>
#include <vector>

namespace aios::board {

inline unsigned ipmi_workarounds(const std::vector<std::string>& names) {
  static constexpr const char* kBits[] = {
      "authcap", "intel20", "supermicro20", "sun20", "opensesspriv", "integritycheckvalue", "nochecksumcheck"};
  unsigned out = 0;
  for (const std::string& name : names) {
    for (unsigned bit = 0; bit < std::size(kBits); ++bit) {
      if (name == kBits[bit]) out |= 1U << bit;
    }
  }
  return out;
}

}  // namespace aios::board
