// SPDX-License-Identifier: Apache-2.0
// What is counted: one number for plain instructions, one for the iterations of rep string instructions, and one for
// each class of instruction that costs far more than an instruction. A class is a subset of `instructions`, except
// rep_iterations and mmio (which counts accesses). The names are the contract with whoever reads the output.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace aios::count {

enum Class : unsigned {
  kInstructions,
  kRepIterations,
  kCr3Write,
  kCrOther,
  kMsr,
  kLocked,
  kInvlpg,
  kFence,
  kPortIo,
  kMmio,
  kSyscall,
  kSysret,
  kIret,
  kSoftInt,
  kHlt,
  kCpuid,
  kRdtsc,
  kFpuState,
  kInterrupts,
  kExceptions,
  kClassCount,
  kNoClass = kClassCount,
};

inline constexpr std::array<const char*, kClassCount> kClassNames = {
    "instructions", "rep_iterations", "cr3_write", "cr_other",  "msr",        "locked",    "invlpg",
    "fence",        "port_io",        "mmio",      "syscall",   "sysret",     "iret",      "soft_int",
    "hlt",          "cpuid",          "rdtsc",     "fpu_state", "interrupts", "exceptions"};

using Vector = std::array<std::uint64_t, kClassCount>;

inline Vector operator-(const Vector& a, const Vector& b) {
  Vector out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a[i] - b[i];
  return out;
}

inline Vector& operator+=(Vector& a, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

}  // namespace aios::count
