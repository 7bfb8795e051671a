// SPDX-License-Identifier: Apache-2.0
#include "reports/testing/page_report.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "harness/export/testing/example_run.h"
#include "harness/judge/trend.h"
#include "reports/testing/example_report.h"

namespace aios::testing {
namespace {

// Eleven earlier runs, the last like the one that is shown: one metric changes its level twice.
std::vector<TrendSeries> history_of(const RunRecord& run) {
  std::vector<RunRecord> runs;
  for (int i = 0; i < 12; ++i) {
    RunRecord earlier = run;
    if (i < 11) earlier.provenance.run = fmt::format("202611{:02}-120000-{:06}", i + 5, i);
    earlier.provenance.started = fmt::format("2026-11-{:02}T12:00:00Z", i + 5);
    for (Sample& sample : earlier.samples) {
      if (sample.metric == "syscall.null") sample.value = i < 4 ? 214 : i < 9 ? 171 : 182;
      if (sample.metric == "boot.to_ready" && i < 6) sample.value *= 1.4;
    }
    runs.push_back(std::move(earlier));
  }
  auto trend = judge_trend(runs, {});
  return trend.ok() ? std::move(trend->series) : std::vector<TrendSeries>();
}

Profile profile_of(const std::string& name, double scale) {
  const auto cost = [&](double instructions) { return static_cast<std::int64_t>(instructions * scale); };
  Profile profile{.scenario = "syscall"};
  profile.functions = {{.name = "(iteration)", .image = "operations"},
                       {.name = "entry_SYSCALL_64", .image = "kernel"},
                       {.name = "do_syscall_64", .image = "kernel"},
                       {.name = name, .image = "kernel"}};
  profile.nodes = {{.parent = -1, .function = 0},
                   {.parent = 0, .function = 1},
                   {.parent = 1, .function = 2},
                   {.parent = 2, .function = 3}};
  profile.spans = {{.metric = "syscall.null",
                    .typical_iterations = 1,
                    .costs = {{0, cost(12), 0}, {1, cost(60), 0}, {2, cost(80), 0}, {3, cost(30), 0}}}};
  return profile;
}

void explain(ReportModel& report, const std::string& function) {
  const Profile first = profile_of(function, 1.7);
  const Profile second = profile_of(function, 1);
  Explanation explanation{.first_name = report.runs[1].subject, .second_name = report.runs[0].subject};
  explanation.metrics.push_back(explain_metric(first, second, "syscall.null"));
  explanation.notes.push_back(function);
  report.graphs.push_back({.metric = "syscall.null", .both = folded_stacks(first, &second, "syscall.null")});
  report.explanation = std::move(explanation);
}

}  // namespace

ReportModel full_report() {
  ReportModel report = example_report();
  for (RunRecord& run : report.runs) {
    for (Sample& sample : run.samples) {
      if (sample.iterations < 1000) continue;
      sample.values = {{sample.value, 640}, {sample.value + 2, 240}, {sample.value + 5, 118}, {sample.value + 97, 2}};
    }
  }
  report.history = history_of(report.runs[0]);
  explain(report, "__x64_sys_getppid");
  return report;
}

ReportModel full_hostile_report() {
  const std::string enemy = enemy_text() + "\xe2\x80\xa8\xe2\x80\xa9</style><svg onload=alert(4)>{{body}}";
  ReportModel report = hostile_report();
  for (RunRecord& run : report.runs) {
    run.samples.front().detail = enemy;
    run.samples.push_back({.metric = enemy + ".numbers",
                           .scenario = enemy,
                           .value = std::nan(""),
                           .iterations = 1LL << 62,
                           .values = {{1, 5}, {2, 1LL << 62}, {HUGE_VAL, 3}, {4, -7}}});
  }
  report.logs.push_back(log_tail(0, 0, enemy, enemy));
  report.history = history_of(report.runs[0]);
  for (TrendSeries& series : report.history) series.name = series.machine = enemy;
  if (!report.history.empty()) {
    report.history.front().points.push_back(
        {.index = 1, .run = enemy, .subject = enemy, .label = enemy, .direction = enemy, .inputs_changed = {enemy}});
  }
  explain(report, enemy);
  return report;
}

ReportModel large_report() {
  std::vector<RunRecord> runs;
  for (int side = 0; side < 2; ++side) {
    RunRecord run = side == 0 ? example_base() : example_run();
    run.fidelity = Fidelity::timed;
    run.mode = "timed";
    run.metrics.clear();
    run.samples.clear();
    run.perturbations.clear();
    for (int i = 0; i < 50; ++i) {
      Metric metric{.name = fmt::format("load_{}.operation_{}", i % 5, i),
                    .unit = Unit::nanoseconds,
                    .kind = MetricKind::noisy_time,
                    .description = "One of many",
                    .scenario = fmt::format("load_{}", i % 5)};
      for (int boot = 0; boot < 100; ++boot) {
        const double noise = std::fmod(boot * 0.618034 + i * 0.37 + side * 0.11, 1.0);
        Sample sample{
            .metric = metric.name, .scenario = metric.scenario, .unit = metric.unit, .fidelity = Fidelity::timed};
        sample.boot = boot;
        sample.value = (200 + 40 * i) * (1 + 0.03 * noise) * (side == 1 ? 1 + 0.01 * (i % 7 - 3) : 1);
        sample.iterations = 400;
        for (int k = 0; k < 12; ++k) sample.values.push_back({std::round(sample.value + k * k), 60 - k * 5});
        run.samples.push_back(std::move(sample));
      }
      run.metrics.push_back(std::move(metric));
    }
    runs.push_back(std::move(run));
  }
  return make_report(std::move(runs), {}, "2026-11-20T18:06:00Z", "0.1.0");
}

}  // namespace aios::testing
