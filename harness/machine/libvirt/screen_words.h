// SPDX-License-Identifier: Apache-2.0
// The VGA text buffer as QEMU's human monitor prints it.
#pragma once

#include <string>
#include <string_view>

namespace aios::libvirt {

inline constexpr const char* kScreenQuestion = "xp /1000xw 0xb8000";

// "00000000000b8000: 0x07200720 0x..." -> bytes; shorter than a screen if the text is not whole.
std::string screen_cells(std::string_view words);

}  // namespace aios::libvirt
