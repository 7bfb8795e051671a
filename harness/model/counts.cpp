// SPDX-License-Identifier: Apache-2.0
#include "harness/model/counts.h"

namespace aios {
namespace {

constexpr std::array<std::string_view, kCountClasses> kClassNames = {
    "instructions", "rep_iterations", "cr3_write", "cr_other",  "msr",        "locked",    "invlpg",
    "fence",        "port_io",        "mmio",      "syscall",   "sysret",     "iret",      "soft_int",
    "hlt",          "cpuid",          "rdtsc",     "fpu_state", "interrupts", "exceptions"};

template <typename Op>
CountVector combine(const CountVector& a, const CountVector& b, Op op) {
  CountVector out;
  for (std::size_t i = 0; i < kCountClasses; ++i) {
    if (a.counts[i] && b.counts[i]) out.counts[i] = op(*a.counts[i], *b.counts[i]);
  }
  return out;
}

}  // namespace

std::string_view to_string(CountClass which) { return kClassNames[static_cast<std::size_t>(which)]; }

std::optional<CountClass> parse_count_class(std::string_view name) {
  for (std::size_t i = 0; i < kCountClasses; ++i) {
    if (kClassNames[i] == name) return static_cast<CountClass>(i);
  }
  return std::nullopt;
}

CountVector operator-(const CountVector& a, const CountVector& b) {
  return combine(a, b, [](std::int64_t x, std::int64_t y) { return x - y; });
}

CountVector operator+(const CountVector& a, const CountVector& b) {
  return combine(a, b, [](std::int64_t x, std::int64_t y) { return x + y; });
}

bool is_heavy(CountClass which) {
  switch (which) {
    case CountClass::instructions:
    case CountClass::rep_iterations:
    case CountClass::rdtsc:  // some tens of cycles: a dozen plain instructions, not a class apart
    case CountClass::hlt:    // waiting is not work
      return false;
    default:
      return true;
  }
}

}  // namespace aios
