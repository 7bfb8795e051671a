// SPDX-License-Identifier: Apache-2.0
// One operation under Google Benchmark: its loop drives, this says what happens in an iteration.
//   exact  the host's marks around each iteration; the guest's clock only as a cross-check
//   timed  batches that are long enough for the clock; an operation with a `before` is timed one by one, less what
//          reading the clock costs
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "bench/guest/region_numbers.h"
#include "bench/guest/series.h"
#include "scenarios/operation.h"

namespace aios::bench {

// What came out, for the reporter.
struct Figures {
  const scenario::Operation* operation = nullptr;
  bool exact = false;
  std::string skipped;      // why it could not be measured
  std::int64_t region = 0;  // the host's region
  std::int64_t iterations = 0;
  std::uint64_t ticks = 0;  // exact: by the guest's clock, the whole loop
  Series times;             // timed: of one `once`, a batch a value
  bool cycles = false;      // in ticks of the time-stamp counter, not in nanoseconds
  std::int64_t batch = 1;
};

void run_exact(benchmark::State& state, scenario::Context& context, Figures& figures, RegionNumbers& regions);
void run_timed(benchmark::State& state, scenario::Context& context, Figures& figures);

}  // namespace aios::bench
