// SPDX-License-Identifier: Apache-2.0
// One operation under Google Benchmark: its loop drives, this says what happens in an iteration.
//   exact  the host's marks around each iteration; the guest's clock only as a cross-check
//   timed  batches that are long enough for the clock; an operation with a `before` is timed one by one, less what
//          reading the clock costs
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

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

// Which region of this boot comes next: a file that all programs of a boot share, so that one that dies in the middle
// of a region has counted it. Without the file, regions count from 0.
class RegionNumbers {
 public:
  explicit RegionNumbers(const char* path) : path_(path) {}
  std::int64_t take();

 private:
  const char* path_;
  std::int64_t next_ = 0;
};

void run_exact(benchmark::State& state, scenario::Context& context, Figures& figures, RegionNumbers& regions);
void run_timed(benchmark::State& state, scenario::Context& context, Figures& figures);

// What an operation tells apart from its figure, by name: the same for every program that asks.
std::uint32_t region_tag(const char* metric);

}  // namespace aios::bench
