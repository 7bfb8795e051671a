// SPDX-License-Identifier: Apache-2.0
#include "flow.h"

namespace aios::count {
namespace {

using Code = std::span<const std::uint8_t>;

bool is_prefix(std::uint8_t b) {
  return b == 0x26 || b == 0x2e || b == 0x36 || b == 0x3e || (b >= 0x64 && b <= 0x67) || b == 0xf0 || b == 0xf2 ||
         b == 0xf3;
}

Code without_prefixes(Code b) {
  while (b.size() > 1 && is_prefix(b[0])) b = b.subspan(1);
  // Outside 64-bit mode these are whole instructions, and then the last byte.
  if (b.size() > 1 && (b[0] & 0xf0) == 0x40) b = b.subspan(1);
  return b;
}

// Displacements stand at the end of an instruction; in 32-bit code addresses wrap.
std::uint64_t relative(Code b, std::size_t opcode, std::uint64_t next) {
  const std::size_t size = b.size() - opcode;
  std::int64_t by = 0;
  if (size == 1) by = static_cast<std::int8_t>(b[opcode]);
  if (size == 2) by = static_cast<std::int16_t>(b[opcode] | b[opcode + 1] << 8);
  if (size == 4) {
    by = static_cast<std::int32_t>(
        static_cast<std::uint32_t>(b[opcode]) | static_cast<std::uint32_t>(b[opcode + 1]) << 8 |
        static_cast<std::uint32_t>(b[opcode + 2]) << 16 | static_cast<std::uint32_t>(b[opcode + 3]) << 24);
  }
  const std::uint64_t to = next + static_cast<std::uint64_t>(by);
  return next >> 32 == 0 ? to & 0xffffffffU : to;
}

Flow two_bytes(Code b, std::uint64_t next) {
  if (b.size() < 2) return {};
  switch (b[1]) {
    case 0x05:
    case 0x34:
      return {End::kSystemCall, 0};
    case 0x07:
    case 0x35:
      return {End::kSystemReturn, 0};
    default:
      if (b[1] >= 0x80 && b[1] <= 0x8f) return {End::kBranch, relative(b, 2, next)};
      return {};
  }
}

}  // namespace

Flow flow_of(std::span<const std::uint8_t> bytes, std::uint64_t next) {
  if (bytes.empty()) return {};
  const Code b = without_prefixes(bytes);
  const std::uint8_t op = b[0];
  if (op == 0x0f) return two_bytes(b, next);
  if ((op >= 0x70 && op <= 0x7f) || (op >= 0xe0 && op <= 0xe3)) return {End::kBranch, relative(b, 1, next)};
  switch (op) {
    case 0xe8:
      return {End::kCall, relative(b, 1, next)};
    case 0xe9:
    case 0xeb:
      return {End::kJump, relative(b, 1, next)};
    case 0x9a:
      return {End::kCallAnywhere, 0};
    case 0xea:
      return {End::kJumpAnywhere, 0};
    case 0xc2:
    case 0xc3:
    case 0xca:
    case 0xcb:
      return {End::kReturn, 0};
    case 0xcf:
      return {End::kInterruptReturn, 0};
    case 0xff: {
      const unsigned what = b.size() > 1 ? (b[1] >> 3) & 7U : 0;
      if (what == 2 || what == 3) return {End::kCallAnywhere, 0};
      if (what == 4 || what == 5) return {End::kJumpAnywhere, 0};
      return {};
    }
    default:
      return {};
  }
}

}  // namespace aios::count
