// SPDX-License-Identifier: Apache-2.0
// The same thing done again and again, each time on the clock, and in exact mode between the host's marks.
#pragma once

#include <sched.h>
#include <time.h>
#include <x86intrin.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bench/guest/region_numbers.h"
#include "harness/guest/mark.h"

namespace aios::inference {

struct Series {
  std::vector<std::uint64_t> each;  // ticks or nanoseconds
  std::uint64_t elapsed = 0;        // from the first's begin to the last's end
  std::int64_t region = -1;         // exact: the host's
  bool failed = false;
};

inline std::uint64_t clock_now(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}

// `once` says whether it worked; `after` is not measured.
template <typename Once, typename After>
Series run_marked(const std::string& name, std::int64_t region, long times, Once once, After after) {
  Series out;
  out.region = region;
  out.each.assign(static_cast<std::size_t>(times), 0);  // there before it begins
  aios_mark_tag(bench::region_tag(name.c_str()));
  const std::uint64_t begin = __rdtsc();
  aios_mark_region_begin();
  for (long i = 0; i < times && !out.failed; ++i) {
    aios_mark_iter_begin();
    const std::uint64_t from = __rdtsc();
    out.failed = !once();
    out.each[static_cast<std::size_t>(i)] = __rdtsc() - from;
    aios_mark_iter_end();
    after();
  }
  aios_mark_region_end();
  out.elapsed = __rdtsc() - begin;
  return out;
}

// `times` 0: for `seconds`.
template <typename Once, typename After>
Series run_timed(long times, double seconds, Once once, After after) {
  constexpr std::size_t kMost = 1'000'000;
  Series out;
  const std::size_t room = times > 0 ? static_cast<std::size_t>(times) : kMost;
  out.each.assign(room, 0);
  std::size_t done = 0;
  const std::uint64_t begin = clock_now(CLOCK_MONOTONIC);
  const auto limit = static_cast<std::uint64_t>(seconds * 1e9);
  std::uint64_t to = begin;
  while (done < room && !out.failed && (times > 0 || to - begin < limit)) {
    const std::uint64_t from = clock_now(CLOCK_MONOTONIC);
    out.failed = !once();
    to = clock_now(CLOCK_MONOTONIC);
    out.each[done++] = to - from;
    after();
  }
  out.elapsed = to - begin;
  out.each.resize(done);
  return out;
}

}  // namespace aios::inference
