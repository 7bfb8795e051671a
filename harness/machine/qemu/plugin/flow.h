// SPDX-License-Identifier: Apache-2.0
// How the last instruction of a block hands on control: what a profile must know to tell a call from a jump, and both
// from an interrupt. 64-bit and 32-bit code; what is not known to transfer control falls through.
#pragma once

#include <cstdint>
#include <span>

namespace aios::count {

enum class End : std::uint8_t {
  kFallsThrough,
  kJump,          // to `target`
  kBranch,        // to `target` or on
  kJumpAnywhere,  // through a register or memory
  kCall,          // of `target`
  kCallAnywhere,
  kReturn,
  kSystemCall,
  kSystemReturn,     // sysret, sysexit
  kInterruptReturn,  // iret
};

struct Flow {
  End end = End::kFallsThrough;
  std::uint64_t target = 0;
};

// `next`: the address behind the instruction.
Flow flow_of(std::span<const std::uint8_t> bytes, std::uint64_t next);

}  // namespace aios::count
