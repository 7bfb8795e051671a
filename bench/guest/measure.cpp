// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/measure.h"

#include <time.h>
#include <x86intrin.h>

#include <algorithm>

#include "harness/guest/mark.h"

namespace aios::bench {
namespace {

using scenario::Context;
using scenario::Operation;

constexpr double kBatch = 20'000;  // nanoseconds, or cycles, against a clock that takes some tens to read
constexpr std::int64_t kMostBatch = 4096;

std::int64_t now(bool cycles) {
  if (cycles) {
    // Nothing before it is still under way when it is read, and nothing after it has begun.
    unsigned ignored = 0;
    const auto ticks = static_cast<std::int64_t>(__rdtscp(&ignored));
    _mm_lfence();
    return ticks;
  }
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

void run(const Operation& operation, Context& context, std::int64_t times) {
  for (std::int64_t i = 0; i < times; ++i) {
    if (operation.before != nullptr) operation.before(context);
    operation.once(context);
  }
}

// The least that two readings of the clock lie apart.
std::int64_t clock_cost(bool cycles) {
  std::int64_t least = INT64_MAX;
  for (int i = 0; i < 64; ++i) {
    const std::int64_t begin = now(cycles);
    least = std::min(least, now(cycles) - begin);
  }
  return least;
}

void run_one_by_one(benchmark::State& state, Context& context, Figures& figures) {
  const Operation& operation = *figures.operation;
  const bool cycles = figures.cycles;
  const std::int64_t cost = clock_cost(cycles);
  for (auto _ : state) {
    operation.before(context);
    const std::int64_t begin = now(cycles);
    operation.once(context);
    const auto taken = static_cast<double>(std::max<std::int64_t>(0, now(cycles) - begin - cost));
    figures.times.add(taken);
    state.SetIterationTime(taken / 1e9);
  }
}

void run_batches(benchmark::State& state, Context& context, Figures& figures) {
  const Operation& operation = *figures.operation;
  const bool cycles = figures.cycles;
  const std::int64_t before = now(cycles);
  run(operation, context, 8);
  const double each = std::max(1.0, static_cast<double>(now(cycles) - before) / 8);
  const std::int64_t batch = std::clamp(static_cast<std::int64_t>(kBatch / each), std::int64_t{1}, kMostBatch);
  figures.batch = batch;
  std::int64_t left = batch;
  std::int64_t begin = now(cycles);
  for (auto _ : state) {
    operation.once(context);
    if (--left != 0) continue;
    figures.times.add(static_cast<double>(now(cycles) - begin) / static_cast<double>(batch));
    left = batch;
    begin = now(cycles);
  }
  // Google Benchmark feels its way with runs shorter than a batch; their figure is of what there was.
  if (figures.times.size() == 0 && left != batch) {
    figures.times.add(static_cast<double>(now(cycles) - begin) / static_cast<double>(batch - left));
  }
}

}  // namespace

void run_exact(benchmark::State& state, Context& context, Figures& figures, RegionNumbers& regions) {
  const Operation& operation = *figures.operation;
  figures.region = regions.take();
  figures.iterations = state.max_iterations;
  // So that caches are filled and pages are there: the steady state is what is measured.
  run(operation, context, std::clamp<std::int64_t>(state.max_iterations / 8, 3, 32));
  aios_mark_tag(region_tag(operation.metric));
  const std::uint64_t begin = __rdtsc();
  aios_mark_region_begin();
  if (operation.before == nullptr) {
    for (auto _ : state) {
      aios_mark_iter_begin();
      operation.once(context);
      aios_mark_iter_end();
    }
  } else {
    for (auto _ : state) {
      operation.before(context);
      aios_mark_iter_begin();
      operation.once(context);
      aios_mark_iter_end();
    }
  }
  aios_mark_region_end();
  figures.ticks = __rdtsc() - begin;
}

void run_timed(benchmark::State& state, Context& context, Figures& figures) {
  figures.iterations = state.max_iterations;
  figures.times = Series();
  if (figures.operation->before != nullptr) {
    run_one_by_one(state, context, figures);
  } else {
    run_batches(state, context, figures);
  }
}

}  // namespace aios::bench
