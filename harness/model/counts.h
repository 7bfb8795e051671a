// SPDX-License-Identifier: Apache-2.0
// What the host counted while a region of the guest ran: an instruction is not a cost, so the count is a vector. Plain
// instructions (a rep string instruction counts once), the iterations of rep instructions, and the heavy classes one by
// one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace aios {

enum class CountClass : std::uint8_t {
  instructions,
  rep_iterations,
  cr3_write,
  cr_other,
  msr,
  locked,
  invlpg,
  fence,
  port_io,
  mmio,
  syscall,
  sysret,
  iret,
  soft_int,
  hlt,
  cpuid,
  rdtsc,
  fpu_state,
  interrupts,  // only where the kernel's entry addresses were given
  exceptions,  // likewise
};
inline constexpr std::size_t kCountClasses = 20;

std::string_view to_string(CountClass which);
std::optional<CountClass> parse_count_class(std::string_view name);

struct CountVector {
  // nullopt: this class was not counted (never a false zero).
  std::array<std::optional<std::int64_t>, kCountClasses> counts{};

  std::optional<std::int64_t>& operator[](CountClass which) { return counts[static_cast<std::size_t>(which)]; }
  const std::optional<std::int64_t>& operator[](CountClass which) const {
    return counts[static_cast<std::size_t>(which)];
  }
  std::int64_t instructions() const { return counts[0].value_or(0); }
  bool operator==(const CountVector&) const = default;
};

CountVector operator-(const CountVector& a, const CountVector& b);
CountVector operator+(const CountVector& a, const CountVector& b);

// What is dear on a real processor: fewer instructions but more of one of these is no improvement. Not plain
// instructions and rep iterations, which have a count of their own, nor clock reads and halts.
bool is_heavy(CountClass which);

}  // namespace aios
