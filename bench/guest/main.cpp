// SPDX-License-Identifier: Apache-2.0
#include <regex.h>
#include <sched.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "bench/guest/frame_reporter.h"
#include "bench/guest/measure.h"
#include "bench/guest/options.h"
#include "scenarios/operation.h"

namespace aios::bench {
namespace {

using scenario::Context;
using scenario::Operation;
using scenario::Readiness;

constexpr std::int64_t kTimedWithBefore = 1000;  // `before` may cost far more than what is timed

// What measuring costs: everything but the operation.
constexpr Operation kOverhead = {"_overhead", [](Context&) { return Readiness::ready; }, [](Context&) {},
                                 [](Context&) {}};

std::string why(const Context& context) {
  std::string text = context.reason;
  if (context.error != 0) text += std::string(": ") + std::strerror(static_cast<int>(context.error));
  return text;
}

void run_operation(benchmark::State& state, const Options& options, Figures& figures, RegionNumbers& regions) {
  const Operation& operation = *figures.operation;
  Context context;
  context.size = operation.size;
  context.folder = options.folder.c_str();
  context.clock_gettime = [](int clock, void* time) { return ::clock_gettime(clock, static_cast<timespec*>(time)); };
  figures.skipped.clear();
  if (operation.prepare(context) == Readiness::unavailable) {
    figures.skipped = why(context);
    state.SkipWithError(figures.skipped.c_str());
  } else if (options.exact > 0) {
    run_exact(state, context, figures, regions);
  } else {
    run_timed(state, context, figures);
  }
  operation.finish(context);
  if (figures.skipped.empty() && context.failures > 0) {
    figures.skipped = "the operation failed " + std::to_string(context.failures) + " times";
    state.SkipWithError(figures.skipped.c_str());
  }
  if (options.exact == 0 && figures.skipped.empty()) {
    state.counters[figures.cycles ? "median_cycles" : "median_ns"] = figures.times.median();
  }
}

void register_operation(const Operation& operation, const Options& options, std::deque<Figures>& all,
                        RegionNumbers& regions) {
  Figures& figures = all.emplace_back();
  figures.operation = &operation;
  figures.exact = options.exact > 0;
  figures.cycles = options.cycles;
  auto* benchmark = benchmark::RegisterBenchmark(
      operation.metric, [&](benchmark::State& state) { run_operation(state, options, figures, regions); });
  if (figures.exact) {
    benchmark->Iterations(exact_iterations(options, operation.metric));
  } else if (operation.before != nullptr) {
    benchmark->Iterations(kTimedWithBefore)->UseManualTime();
  } else {
    benchmark->MinTime(options.timed)->UseRealTime();
  }
}

bool wanted(const Options& options, const char* scenario) {
  if (options.scenarios.empty()) return true;
  for (const auto& name : options.scenarios) {
    if (name == scenario) return true;
  }
  return false;
}

// A switch is a switch only where both sides share a processor.
void stay_on_one_processor() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    CPU_ZERO(&allowed);
    CPU_SET(cpu, &allowed);
    sched_setaffinity(0, sizeof allowed, &allowed);
    return;
  }
}

int run(const Options& options) {
  regex_t match;
  if (regcomp(&match, options.match.empty() ? "." : options.match.c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
    std::fprintf(stderr, "operations: --match takes a regular expression, not '%s'\n", options.match.c_str());
    return 2;
  }
  std::deque<Figures> figures;
  RegionNumbers regions(kRegionsFile);
  if (!options.list) register_operation(kOverhead, options, figures, regions);
  const auto all = scenario::all_operations();
  for (unsigned t = 0; t < all.count; ++t) {
    const auto& table = *all.tables[t];
    for (unsigned i = 0; wanted(options, table.scenario) && i < table.count; ++i) {
      if (regexec(&match, table.operations[i].metric, 0, nullptr, 0) != 0) continue;
      if (options.list) {
        std::puts(table.operations[i].metric);
      } else {
        register_operation(table.operations[i], options, figures, regions);
      }
    }
  }
  if (options.list) return 0;
  if (figures.size() == 1) {
    std::fprintf(stderr, "operations: no operation is called so; operations --list names them\n");
    return 2;
  }
  ::mkdir(options.folder.c_str(), 01777);
  stay_on_one_processor();
  if (options.console) {
    benchmark::RunSpecifiedBenchmarks();
  } else {
    FrameReporter reporter(STDOUT_FILENO, figures);
    benchmark::RunSpecifiedBenchmarks(&reporter, ".");
  }
  return 0;
}

}  // namespace
}  // namespace aios::bench

int main(int count, char** words) {
  const auto options = aios::bench::parse_options(count, words);
  if (!options.error.empty()) {
    std::fprintf(stderr, "operations: %s\n", options.error.c_str());
    return 2;
  }
  return aios::bench::run(options);
}
