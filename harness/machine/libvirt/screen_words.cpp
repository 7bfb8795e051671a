// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/screen_words.h"

#include <charconv>
#include <cstdint>

namespace aios::libvirt {

std::string screen_cells(std::string_view words) {
  std::string cells;
  for (std::size_t at = words.find("0x"); at != std::string_view::npos; at = words.find("0x", at + 2)) {
    std::uint32_t value = 0;
    const auto [end, code] = std::from_chars(words.data() + at + 2, words.data() + words.size(), value, 16);
    if (code != std::errc()) break;
    for (int byte = 0; byte < 4; ++byte) cells += static_cast<char>((value >> (8 * byte)) & 0xff);
  }
  return cells;
}

}  // namespace aios::libvirt
