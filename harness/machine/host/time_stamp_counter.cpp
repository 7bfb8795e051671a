// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/time_stamp_counter.h"

#include <cpuid.h>
#include <time.h>
#include <x86intrin.h>

#include <cmath>
#include <cstdint>

namespace aios::host {
namespace {

constexpr std::int64_t kWindow = 4'000'000;  // nanoseconds: an uncertainty of 40 of them is then 10 parts in a million
constexpr double kAgree = 1e-3;              // two windows that differ by more were disturbed

struct Pair {
  std::int64_t ns = 0;
  std::uint64_t ticks = 0;
};

std::int64_t raw_nanoseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_RAW, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

// Both clocks at one moment: the reading that the least time went by around.
Pair read_both() {
  Pair best;
  std::uint64_t narrowest = UINT64_MAX;
  for (int i = 0; i < 16; ++i) {
    unsigned ignored = 0;
    const std::uint64_t before = __rdtscp(&ignored);
    const std::int64_t ns = raw_nanoseconds();
    const std::uint64_t after = __rdtscp(&ignored);
    if (after - before >= narrowest) continue;
    narrowest = after - before;
    best = {ns, before + (after - before) / 2};
  }
  return best;
}

double rate() {
  const Pair begin = read_both();
  while (raw_nanoseconds() - begin.ns < kWindow) {
  }
  const Pair end = read_both();
  return static_cast<double>(end.ticks - begin.ticks) * 1e9 / static_cast<double>(end.ns - begin.ns);
}

}  // namespace

bool invariant_tsc() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kPower = 0x80000007, kRdtscp = 0x80000001;
  if (__get_cpuid(kPower, &a, &b, &c, &d) == 0 || (d & (1U << 8)) == 0) return false;
  return __get_cpuid(kRdtscp, &a, &b, &c, &d) != 0 && (d & (1U << 27)) != 0;
}

std::optional<double> calibrate_tsc() {
  if (!invariant_tsc()) return std::nullopt;
  for (int attempt = 0; attempt < 5; ++attempt) {
    const double first = rate();
    const double second = rate();
    if (first > 0 && std::fabs(second / first - 1) < kAgree) return (first + second) / 2;
  }
  return std::nullopt;
}

}  // namespace aios::host
