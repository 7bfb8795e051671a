// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/measure.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bench/guest/inference/background.h"
#include "bench/guest/inference/latency.h"
#include "bench/guest/inference/memory.h"
#include "bench/guest/inference/series.h"

namespace aios::inference {
namespace {

constexpr long kPrompts = 3;
constexpr long kLoads = 3;

struct Usage {
  std::uint64_t own = 0;
  long preempted = 0, minor_faults = 0;
};

Usage usage() {
  rusage all{};
  ::getrusage(RUSAGE_SELF, &all);
  return {clock_now(CLOCK_PROCESS_CPUTIME_ID), all.ru_nivcsw, all.ru_minflt};
}

// Of the inference itself, once the load runs at its own.
bool set_priority(const Arm& arm, std::string& error) {
  if (arm.nice != 0 && ::setpriority(PRIO_PROCESS, 0, arm.nice) != 0) {
    error = "nice " + std::to_string(arm.nice) + ": " + std::strerror(errno);
    return false;
  }
  const sched_param parameters{.sched_priority = arm.fifo};
  if (arm.fifo != 0 && ::sched_setscheduler(0, SCHED_FIFO, &parameters) != 0) {
    error = "SCHED_FIFO " + std::to_string(arm.fifo) + ": " + std::strerror(errno);
    return false;
  }
  return true;
}

bool reset_priority(const Arm& arm) {
  const sched_param parameters{};
  return (arm.fifo == 0 || ::sched_setscheduler(0, SCHED_OTHER, &parameters) == 0) &&
         (arm.nice == 0 || ::setpriority(PRIO_PROCESS, 0, 0) == 0);
}

}  // namespace

void Measure::overhead() {
  if (!options_->exact) return;
  const Series series = run_marked(
      "_overhead", regions_->take(), 20, [] { return true; }, [] {});
  report_->region("_overhead", series.region, 20, series.elapsed);
}

void Measure::prefill(Session& session) {
  const auto again = [&] { session.forget(); };
  const auto once = [&] { return session.prompt(); };
  session.forget();
  if (!session.prompt()) return report_->skipped("prefill", "the prompt could not be decoded");
  session.forget();
  const std::string name = report_->metric("prefill");
  const Series series =
      options_->exact ? run_marked(name, regions_->take(), kPrompts, once, again) : run_timed(kPrompts, 0, once, again);
  if (series.failed) return report_->skipped("prefill", "the prompt could not be decoded");
  if (options_->exact) {
    report_->region(name, series.region, kPrompts, series.elapsed);
  } else {
    report_->time("prefill", percentile(series.each, 500), kPrompts, series.each);
  }
}

void Measure::arm(Session& session, const Arm& arm) {
  const std::string token = "token." + arm.name;
  std::string error;
  if (!session.ready()) return report_->skipped(token + ".p50", "the prompt could not be decoded");
  Background background(arm.load, options_->folder, error);
  if (!error.empty()) return report_->skipped(token + ".p50", error);
  if (!set_priority(arm, error)) return report_->skipped(token + ".p50", error);
  background.go();

  const auto once = [&] { return session.decode(); };
  const auto again = [&] { session.take_back(); };
  for (long i = 0; i < options_->warm_up; ++i) {
    once();
    again();
  }
  const std::string work = report_->metric(token + ".work");
  const std::int64_t region = options_->exact ? regions_->take() : -1;
  const Rounds rounds_before = background.rounds();
  const Usage before = usage();
  const Series series = options_->exact ? run_marked(work, region, options_->tokens, once, again)
                                        : run_timed(options_->tokens, options_->seconds, once, again);
  const Usage after = usage();
  const Rounds rounds_after = background.rounds();
  const bool reset = reset_priority(arm);
  if (series.failed) return report_->skipped(token + ".p50", "a token could not be decoded");

  const auto tokens = static_cast<std::int64_t>(series.each.size());
  const double count = static_cast<double>(tokens);
  const double seconds = static_cast<double>(series.elapsed) / 1e9;  // a tick of the virtual clock is a nanosecond
  if (options_->exact) report_->region(work, series.region, tokens, series.elapsed);
  report_->time(token + ".p50", percentile(series.each, 500), tokens, series.each);
  report_->time(token + ".p99", percentile(series.each, 990), tokens);
  report_->time(token + ".worst", percentile(series.each, 1000), tokens);
  report_->time(token + ".mean", static_cast<std::uint64_t>(static_cast<double>(series.elapsed) / count), tokens);
  report_->time(token + ".own", static_cast<std::uint64_t>(static_cast<double>(after.own - before.own) / count),
                tokens);
  report_->figure("throughput." + arm.name, "count", count / seconds, tokens);
  report_->figure("preempted." + arm.name, "count", static_cast<double>(after.preempted - before.preempted), tokens);
  if (arm.load.any()) {
    const std::uint64_t hog = rounds_after.hog - rounds_before.hog;
    const std::uint64_t others = rounds_after.faults - rounds_before.faults + rounds_after.io - rounds_before.io +
                                 rounds_after.memory - rounds_before.memory;
    const std::string detail = "rounds of hogs " + std::to_string(hog) + ", of others " + std::to_string(others);
    const std::uint64_t work_done = arm.load.hogs > 0 ? hog : others;
    report_->figure("background." + arm.name, "count", static_cast<double>(work_done) / seconds, tokens, detail);
  }
  if (!reset) report_->skipped(token + ".reset", "the priority could not be put back: later arms have it, too");
}

void Measure::load(const std::string& file, LoadWay way, const std::string& name) {
  const std::string metric = "load." + name;
  // A buffer comes fresh from the kernel each time, as in a program that loads one model; not from what was freed.
  ::mallopt(M_MMAP_THRESHOLD, 128 << 10);
  std::string error;
  std::unique_ptr<Model> model;
  const auto once = [&] {
    model = Model::load(file, way, error);
    return model != nullptr;
  };
  long long huge = -1;
  const auto again = [&] {
    if (huge < 0) huge = huge_page_memory();
    model.reset();
  };
  if (!once()) return report_->skipped(metric, error);
  again();
  const std::int64_t region = options_->exact ? regions_->take() : -1;
  const Usage before = usage();
  const Series series = options_->exact ? run_marked(report_->metric(metric), region, kLoads, once, again)
                                        : run_timed(kLoads, 0, once, again);
  const Usage after = usage();
  if (series.failed) return report_->skipped(metric, error);
  if (options_->exact) {
    report_->region(report_->metric(metric), series.region, kLoads, series.elapsed);
  } else {
    report_->time(metric, percentile(series.each, 500), kLoads, series.each);
  }
  report_->figure("page_faults." + name, "count",
                  static_cast<double>(after.minor_faults - before.minor_faults) / kLoads, kLoads);
  if (huge >= 0) {
    report_->figure("huge_pages." + name, "bytes", static_cast<double>(huge), 1);
  } else {
    report_->skipped("huge_pages." + name, "the kernel does not tell: no /proc/self/smaps_rollup");
  }
}

}  // namespace aios::inference
