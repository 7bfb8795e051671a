// SPDX-License-Identifier: Apache-2.0
// The change-point detector on 10,000 series of 1,000 points: how long, how many false points in pure noise, how many
// steps of three deviations found. The limits are errors. The ratio is to the least that E-divisive costs on the same
// series: one pass of its windows of 50 points, without a test of significance.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <vector>

#include "harness/stats/change_points.h"
#include "harness/stats/energy.h"
#include "harness/stats/random.h"

namespace aios {
namespace {

constexpr int kSeries = 10'000;
constexpr std::size_t kPoints = 1000;
constexpr double kMostSeconds = 5;
constexpr double kMostFalse = 0.1;
constexpr double kLeastFound = 0.99;

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double student_three(stats::Random& random) {
  double squares = 0;
  for (int i = 0; i < 3; ++i) {
    const double z = random.normal();
    squares += z * z;
  }
  return random.normal() / std::sqrt(squares / 3) / std::sqrt(3.0);
}

enum Law { kNormal, kStudent, kLogNormal, kDrift };

std::vector<double> series_of(Law law, std::uint64_t seed, std::size_t step_at) {
  stats::Random random(seed);
  std::vector<double> out(kPoints);
  double last = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    double value = 0;
    if (law == kNormal) value = random.normal();
    if (law == kStudent) value = student_three(random);
    if (law == kLogNormal) value = (std::exp(random.normal()) - 1.6487) / 2.1612;
    if (law == kDrift) value = last = 0.3 * last + 0.9539 * random.normal();
    out[i] = 100 + value + (i >= step_at ? 3 : 0);
  }
  return out;
}

void detector_noise(benchmark::State& state) {
  const auto law = static_cast<Law>(state.range(0));
  for (auto _ : state) {
    double busy = 0, windows = 0;
    std::size_t points = 0, series_with = 0;
    for (int i = 0; i < kSeries; ++i) {
      const auto series = series_of(law, static_cast<std::uint64_t>(i), kPoints);
      const double start = cpu_seconds();
      const auto found = stats::change_points(series).value();
      const double end = cpu_seconds();
      busy += end - start;
      points += found.points.size();
      series_with += found.points.empty() ? 0 : 1;
      if (i % 20 != 0) continue;
      for (std::size_t first = 0; first + 50 <= kPoints; first += 25) {
        benchmark::DoNotOptimize(stats::best_energy_split(std::span(series).subspan(first, 50)).value());
      }
      windows += 20 * (cpu_seconds() - end);
    }
    const double false_points = static_cast<double>(points) / kSeries;
    state.counters["seconds"] = busy;
    state.counters["ratio_to_windows"] = busy / windows;
    state.counters["false_points_a_series"] = false_points;
    state.counters["series_with_any"] = static_cast<double>(series_with) / kSeries;
    if (busy > kMostSeconds || false_points >= kMostFalse) {
      state.SkipWithError(
          fmt::format("over the limit: {:.2f} s, {:.3f} false points a series", busy, false_points).c_str());
    }
  }
}
BENCHMARK(detector_noise)->ArgName("law")->DenseRange(kNormal, kDrift)->Iterations(1)->Unit(benchmark::kSecond);

// Single steps anywhere but in the first and last twenty points.
void detector_steps(benchmark::State& state) {
  const auto law = static_cast<Law>(state.range(0));
  for (auto _ : state) {
    double busy = 0;
    int hit = 0, exactly = 0;
    std::size_t others = 0;
    for (int i = 0; i < kSeries; ++i) {
      const auto seed = static_cast<std::uint64_t>(1'000'000 + i);
      const std::size_t at = 20 + stats::Random(seed).below(kPoints - 40);
      const auto series = series_of(law, seed + kSeries, at);
      const double start = cpu_seconds();
      const auto found = stats::change_points(series).value();
      busy += cpu_seconds() - start;
      bool near = false;
      for (const auto& point : found.points) {
        near = near || (point.index + 2 >= at && point.index <= at + 2);
        exactly += point.index == at ? 1 : 0;
      }
      hit += near ? 1 : 0;
      others += found.points.size() - (near ? 1 : 0);
    }
    const double share = static_cast<double>(hit) / kSeries;
    state.counters["seconds"] = busy;
    state.counters["found_within_two"] = share;
    state.counters["found_exactly"] = static_cast<double>(exactly) / kSeries;
    state.counters["other_points_a_series"] = static_cast<double>(others) / kSeries;
    if (busy > kMostSeconds || (law == kNormal && share < kLeastFound)) {
      state.SkipWithError(fmt::format("over the limit: {:.2f} s, {:.4f} found", busy, share).c_str());
    }
  }
}
BENCHMARK(detector_steps)->ArgName("law")->DenseRange(kNormal, kDrift)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace aios
