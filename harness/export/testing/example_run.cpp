// SPDX-License-Identifier: Apache-2.0
#include "harness/export/testing/example_run.h"

#include <fmt/format.h>

#include <cmath>

namespace aios::testing {
namespace {

struct Line {
  const char* metric;
  const char* scenario;
  Unit unit;
  MetricKind kind;
  const char* description;
  double value;
  double base;
};

constexpr Line kLines[] = {
    {"boot.to_init", "boot", Unit::instructions, MetricKind::exact_count,
     "From power-on to the first instruction of PID 1", 391204118, 1204990551},
    {"boot.to_ready", "boot", Unit::instructions, MetricKind::exact_count, "From power-on until the guest takes orders",
     402118340, 1232055902},
    {"syscall.null", "syscall", Unit::instructions, MetricKind::exact_count, "A system call that does nothing", 182,
     323},
    {"syscall.read", "syscall", Unit::instructions, MetricKind::exact_count, "One byte from /dev/zero", 611, 902},
    {"context_switch.process.pipe", "context_switch", Unit::instructions, MetricKind::exact_count,
     "Two processes hand a byte back and forth", 5120, 4988},
    {"ipc.pipe.64B.round_trip", "ipc", Unit::instructions, MetricKind::exact_count, "64 bytes there and back", 6120,
     6120},
    {"page_fault.anonymous", "page_fault", Unit::instructions, MetricKind::exact_count, "First touch of a page", 1904,
     2210},
    {"footprint.image_bytes", "footprint", Unit::bytes, MetricKind::size, "The kernel image as it is booted", 5967872,
     8117184},
    {"footprint.modules_loaded", "footprint", Unit::count, MetricKind::exact_count,
     "Modules that are loaded when ready", 0, 7},
    {"checklist.mount_tmpfs", "checklist", Unit::yes_no, MetricKind::yes_no, "A tmpfs mounts and keeps a file", 1, 1},
    {"checklist.gpu", "checklist", Unit::yes_no, MetricKind::yes_no, "A display device is found", 0, 0},
    {"checklist.zram_swap", "checklist", Unit::yes_no, MetricKind::yes_no, "Swap on zram takes pages", 0, 1},
};

Sample sample_of(const Line& line, double value, int boot) {
  Sample sample{
      .metric = line.metric, .scenario = line.scenario, .unit = line.unit, .boot = boot, .perturbation = boot};
  const bool boots = sample.scenario == "boot";
  sample.value = value + (boots ? 149480.0 * boot : 0);
  if (line.unit == Unit::instructions && !boots) {
    sample.overhead = 41;
    sample.iterations = 1000;
    sample.interrupted_iterations = 2;
    sample.minimum = value;
    sample.maximum = value + 97;
    CountVector counts;
    counts[CountClass::instructions] = static_cast<std::int64_t>(value);
    counts[CountClass::rep_iterations] = 12;
    counts[CountClass::syscall] = 1;
    counts[CountClass::sysret] = 1;
    counts[CountClass::cr3_write] = sample.scenario == "context_switch" ? 2 : 0;
    sample.counts = counts;
    sample.values = {{value, 640}, {value + 97, 1}, {value, 357}, {value + 31, 2}};
  }
  if (sample.metric == "checklist.gpu") {
    sample.skipped = true;
    sample.detail = "no display device on this machine";
  }
  if (sample.metric == "checklist.zram_swap" && value == 0) sample.detail = "swapon: no such device";
  return sample;
}

std::vector<TimelinePoint> timeline_of(double scale) {
  const auto at = [&](double instructions) { return static_cast<std::int64_t>(instructions * scale); };
  return {{"kernel_entry", "phase", at(61e6)},
          {"start_kernel", "phase", at(198e6)},
          {"pci_subsys_init", "initcall", at(230e6)},
          {"inet_init", "initcall", at(241e6)},
          {"populate_rootfs", "initcall", at(249e6)},
          {"serial8250_init", "initcall", at(301e6)},
          {"init", "phase", at(391e6)},
          {"ready", "phase", at(402e6)}};
}

RunRecord run_of(bool base) {
  RunRecord run;
  run.subject = run.kernel = base ? "debian" : "aios";
  run.kernel_version = base ? "6.12.43+deb12-amd64" : "6.12.43";
  run.machine = "qemu-exact";
  run.mode = "exact";
  run.scenarios = {"boot", "syscall", "context_switch", "ipc", "page_fault", "footprint", "checklist"};
  run.outcome = "complete";
  run.perturbations = {{.index = 0, .kind = "none"},
                       {.index = 1, .kind = "padding", .description = "one more word on the command line"}};
  for (const Line& line : kLines) {
    run.metrics.push_back(
        {.name = line.metric,
         .unit = line.unit,
         .direction = line.unit == Unit::yes_no ? Direction::higher_is_better : Direction::lower_is_better,
         .kind = line.kind,
         .description = line.description,
         .scenario = line.scenario});
    for (int boot = 0; boot < 2; ++boot) run.samples.push_back(sample_of(line, base ? line.base : line.value, boot));
  }
  for (int boot = 0; boot < 2; ++boot) {
    run.boots.push_back({.index = boot,
                         .perturbation = boot,
                         .scenario = "core",
                         .end_state = "power_off",
                         .ok = true,
                         .timeline = timeline_of(base ? 3.08 : 1),
                         .total_instructions = base ? 1400000000 : 530000000,
                         .logs = {{"console", fmt::format("logs/boot-{}.console", boot)}}});
  }
  run.inputs = {
      {"kernel", base ? "sha256:77aa" : "sha256:12cd"}, {"cpu_model", "Skylake-Client-v1"}, {"qemu", "7.2.22"}};
  run.provenance.run = base ? "20261120-180000-debian" : "20261120-180500-aios";
  run.provenance.started = base ? "2026-11-20T18:00:00Z" : "2026-11-20T18:05:00Z";
  run.provenance.finished = base ? "2026-11-20T18:01:10Z" : "2026-11-20T18:05:48Z";
  run.provenance.command_line = base ? "aios-bench run debian --scenario core" : "aios-bench run aios --scenario core";
  run.provenance.host = "example";
  run.provenance.host_cpu = "An x86-64 processor";
  run.provenance.qemu_version = "7.2.22";
  run.provenance.harness_version = "0.1.0";
  run.provenance.wall_seconds = {{"boot 0", 21.5}, {"boot 1", 21.25}, {"total", 48}};
  return run;
}

}  // namespace

RunRecord example_run() { return run_of(false); }
RunRecord example_base() { return run_of(true); }

std::vector<ClaimVerdict> example_claims() {
  const auto claim = [](const char* id, const char* text) {
    return Claim{.id = id, .kernel = "aios", .text = text, .source = "aiOS design, checklist"};
  };
  std::vector<ClaimVerdict> rows;
  rows.push_back({.claim = claim("A3", "The kernel image is under 10 MB"),
                  .target_text = "footprint.image_bytes < 9.5 MiB",
                  .value = 5967872,
                  .unit = Unit::bytes,
                  .fidelity = Fidelity::exact,
                  .verdict = VerdictKind::met,
                  .run = "20261120-180500-aios"});
  rows.push_back({.claim = claim("A4", "Boots to the serial console in under 5 s"),
                  .target_text = "boot.to_ready < 5 s",
                  .value = 1.21e9,
                  .unit = Unit::nanoseconds,
                  .fidelity = Fidelity::bounded,
                  .verdict = VerdictKind::bounded,
                  .reason = "emulation can only be slower",
                  .run = "20261120-180500-aios"});
  rows.push_back({.claim = claim("A23", "Swap on zram is live"),
                  .target_text = "checklist.zram_swap = yes",
                  .value = 0,
                  .unit = Unit::yes_no,
                  .fidelity = Fidelity::exact,
                  .verdict = VerdictKind::missed,
                  .reason = "swapon: no such device",
                  .run = "20261120-180500-aios"});
  rows.push_back({.claim = claim("A13", "GRUB boots it from a disk"),
                  .target_text = "boot.from_disk = yes",
                  .unit = Unit::yes_no,
                  .verdict = VerdictKind::not_run,
                  .reason = "no run has this metric"});
  rows.push_back({.claim = claim("A15", "The GPU's driver loads"),
                  .verdict = VerdictKind::not_judged,
                  .reason = "needs gpu; a machine file with one would judge it"});
  return rows;
}

RunRecord timed_run(const std::string& subject, double scale, int boots) {
  RunRecord run = example_run();
  run.subject = run.kernel = subject;
  run.machine = "qemu-kvm";
  run.mode = "timed";
  run.fidelity = Fidelity::timed;
  run.scenarios = {"syscall", "ipc"};
  run.perturbations = {{.index = 0, .kind = "none"}};
  run.metrics.clear();
  run.samples.clear();
  run.boots.clear();
  run.inputs = {{"kernel", "sha256:" + subject}, {"cpu_model", "host"}};
  run.provenance.run = "20261120-190000-" + subject;
  struct Time {
    const char *name, *scenario;
    double nanoseconds;
  };
  for (const Time& time : {Time{"syscall.null", "syscall", 210}, Time{"syscall.read", "syscall", 340},
                           Time{"ipc.pipe.64B.round_trip", "ipc", 5200}}) {
    run.metrics.push_back({.name = time.name,
                           .unit = Unit::nanoseconds,
                           .kind = MetricKind::noisy_time,
                           .description = "A time",
                           .scenario = time.scenario});
    for (int boot = 0; boot < boots; ++boot) {
      const double noise = std::fmod(static_cast<double>(boot) * 0.618034 + time.nanoseconds * 0.37 * scale, 1.0);
      run.samples.push_back({.metric = time.name,
                             .scenario = time.scenario,
                             .unit = Unit::nanoseconds,
                             .fidelity = Fidelity::timed,
                             .boot = boot,
                             .value = time.nanoseconds * scale * (0.99 + 0.02 * noise),
                             .iterations = 100000});
    }
  }
  for (int boot = 0; boot < boots; ++boot) {
    run.boots.push_back({.index = boot, .scenario = "syscall", .end_state = "power_off", .ok = true});
  }
  return run;
}

std::string enemy_text() {
  constexpr char kText[] =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x1b[2J\x1b]0;owned\x07\x9b"
      "31m\xc2\x9b\xe2\x80\xae evil |`*_[a](javascript:b)@all #1 \r\n\t\xff\x00 end";
  return std::string(kText, sizeof(kText) - 1);
}

RunRecord hostile_run() {
  const std::string enemy = enemy_text();
  RunRecord run = example_run();
  run.subject = run.kernel = run.kernel_version = run.label = run.machine = run.mode = enemy;
  run.scenarios.push_back(enemy);
  run.append = {enemy};
  run.sysctls = {{enemy, enemy}};
  run.perturbations.push_back({.index = 2, .kind = enemy, .description = enemy, .append = {enemy}});
  run.metrics.push_back({.name = enemy, .description = enemy, .scenario = enemy});
  run.samples.push_back({.metric = enemy, .scenario = enemy, .value = 1, .detail = enemy});
  run.samples.push_back({.metric = "checklist." + enemy, .scenario = enemy, .unit = Unit::yes_no, .detail = enemy});
  run.boots.push_back({.index = 2,
                       .scenario = enemy,
                       .end_state = enemy,
                       .error_kind = enemy,
                       .error = enemy,
                       .timeline = {{enemy, "phase", 10}, {enemy, "initcall", 20}, {enemy, enemy, 30}},
                       .scenarios_failed = {enemy},
                       .logs = {{enemy, enemy}},
                       .screen = {enemy},
                       .notes = {enemy}});
  run.inputs[enemy] = enemy;
  run.config_audit_json = "[{\"" + std::string("</script>") + "\":1}]";
  run.provenance.run = run.provenance.started = run.provenance.host = run.provenance.command_line = enemy;
  run.provenance.qemu_version = run.provenance.host_cpu = run.provenance.host_kernel = enemy;
  run.provenance.extra = {{enemy, enemy}};
  run.provenance.wall_seconds[enemy] = 1;
  return run;
}

std::vector<ClaimVerdict> hostile_claims() {
  const std::string enemy = enemy_text();
  ClaimVerdict row;
  row.claim = {.id = enemy, .kernel = enemy, .text = enemy, .source = enemy, .needs = {enemy}, .machine_file = enemy};
  row.target_text = row.reason = row.run = enemy;
  row.verdict = VerdictKind::missed;
  return {row};
}

RunRecord large_run(int count) {
  RunRecord run = example_run();
  run.metrics.clear();
  run.samples.clear();
  for (int i = 0; i < count; ++i) {
    Metric metric{.name = fmt::format("load.operation_{}", i),
                  .unit = Unit::instructions,
                  .description = "One of many",
                  .scenario = fmt::format("load_{}", i % 10)};
    for (int boot = 0; boot < 10; ++boot) {
      Sample sample{.metric = metric.name, .scenario = metric.scenario, .unit = metric.unit, .boot = boot};
      sample.perturbation = boot;
      sample.value = 1000 + i + std::fmod(i * 37 + boot * 101, 50);
      for (int k = 0; k < 20; ++k) sample.values.push_back({sample.value + k * k, 1 + (i + k) % 7});
      run.samples.push_back(std::move(sample));
    }
    run.metrics.push_back(std::move(metric));
  }
  return run;
}

}  // namespace aios::testing
