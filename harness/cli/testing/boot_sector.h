// SPDX-License-Identifier: Apache-2.0
// A boot sector made in a test: it writes a text to the first serial line, and then halts or resets the machine.
#pragma once

#include <cstdint>
#include <string>

namespace aios {

// A boot sector that writes `text` to the first serial line and then does what `tail` says (16-bit code).
inline std::string boot_sector(const std::string& text, const std::string& tail) {
  // xor ax,ax; mov ds,ax; mov si,msg; mov dx,3f8; next: lodsb; test al,al; jz done; out dx,al; jmp next; done: TAIL;
  // msg: TEXT
  std::string code = std::string("\x31\xc0\x8e\xd8\xbe\x00\x00\xba\xf8\x03\xac\x84\xc0\x74\x03\xee\xeb\xf8", 18) + tail;
  const auto at = static_cast<std::uint16_t>(0x7c00 + code.size());
  code[5] = static_cast<char>(at & 0xff);
  code[6] = static_cast<char>(at >> 8);
  code += text;
  code.resize(510, '\0');
  code += "\x55\xaa";
  code.resize(1U << 20, '\0');
  return code;
}

inline const std::string kHalt = "\xf4\xeb\xfd";           // hlt; jmp back
inline const std::string kReset = "\xb0\xfe\xe6\x64\xf4";  // the keyboard controller's reset line

}  // namespace aios
