// SPDX-License-Identifier: Apache-2.0
// What the plugin must know of one x86 instruction, from its bytes: is it a mark, which heavy class is it, is it a rep
// string instruction, and can it leave its block before the next instruction. No full decoder: what is not known to
// stay inside its block is taken to be able to leave it, which costs a little time and never a count.
#pragma once

#include <cstdint>
#include <span>

#include "classes.h"

namespace aios::count {

enum class MarkKind : std::uint8_t {
  kNone = 0,
  kRegionBegin = 1,
  kRegionEnd = 2,
  kIterBegin = 3,
  kIterEnd = 4,
  kPoint = 5,
  kTagDigit = 6,
};

enum class Rep : std::uint8_t { kNone, kMovs, kStosLods, kOuts, kIns, kScas, kCmps };

struct Insn {
  Class heavy = kNoClass;
  bool locked = false;
  bool can_leave = true;       // may fault, trap or do I/O: what follows it in the block is perhaps not executed
  bool stack_or_jump = false;  // its memory access is on the stack or in a jump table, not a device
  Rep rep = Rep::kNone;
  MarkKind mark = MarkKind::kNone;
  std::uint8_t mark_id = 0;
};

Insn decode(std::span<const std::uint8_t> bytes);

}  // namespace aios::count
