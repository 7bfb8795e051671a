// SPDX-License-Identifier: Apache-2.0
// Null changes on this machine: what its figures do when nothing has changed, and the fence that this teaches.
#include "harness/experiment/calibrate.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/cli/commands.h"
#include "harness/cli/measure.h"
#include "harness/cli/run_flags.h"
#include "harness/cli/stored_runs.h"
#include "harness/cli/text_style.h"
#include "harness/experiment/boot_cost.h"
#include "harness/experiment/budget.h"
#include "harness/experiment/host_advice.h"
#include "harness/machine/machines.h"

namespace aios {
namespace {

struct CalibrateFlags {
  std::string kernel = "debian", machine, mode = "exact", from;
  std::vector<std::string> scenarios;
  int nulls = 12, gates = 10, pairs = 6;
  bool builds = false, show = false, json = false;
};

std::string share_text(double share) {
  if (share == 0) return "0";
  return share < 0.0001 ? fmt::format("{:.2g} %", 100 * share) : fmt::format("{:.3g} %", 100 * share);
}

std::string calibration_text(const Calibration& calibration, const TextStyle& style) {
  std::string text = fmt::format("{} on {} ({}), {}, {} null changes\n\n", calibration.kernel, calibration.machine,
                                 calibration.mode, calibration.date, calibration.null_changes.size());
  TextTable table({{"metric", false, true, 24},
                   {"value", true},
                   {"nulls", true},
                   {"alarms", true},
                   {"rate at most", true},
                   {"fence", true},
                   {"noise", true},
                   {"seen in 1m", true},
                   {"10m", true},
                   {"1h", true},
                   {"moved most by", false, true}});
  for (const MetricCalibration& one : calibration.metrics) {
    const auto seen = [&](int minutes) {
      if (!one.timed) return std::string();
      const auto share = calibration.visible_in(one, 60.0 * minutes);
      return share ? share_text(*share) : std::string("nothing");
    };
    table.row({{one.metric},
               {format_value(one.value, one.unit)},
               {std::to_string(one.nulls)},
               {std::to_string(one.alarms), one.alarms > 0 ? Tone::warn : Tone::plain},
               {one.nulls > 0 ? fmt::format("{:.1f} %", 100 * one.alarm_rate.interval.high) : ""},
               {share_text(one.fence)},
               {one.timed ? share_text(one.noise) : ""},
               {seen(1)},
               {seen(10)},
               {seen(60)},
               {one.worst}});
  }
  text += table.render(style);
  text += "\nalarms: null changes that the built-in rules would have called; rate: 95 % interval's upper end\n";
  if (calibration.mode == "exact") {
    text += "exact figures do not depend on the host: nothing to switch off\n";
  } else if (!calibration.host_advice.empty()) {
    text += "this host, for quieter times (no gain is promised: calibrate again afterwards, and it is measured):\n";
    for (const std::string& line : calibration.host_advice) text += "  " + line + "\n";
  }
  return text;
}

Result<CalibratePlan> make_calibrate_plan(const Context& context, const Store& store, const CalibrateFlags& flags) {
  RunFlags run;
  run.scenarios = flags.scenarios;
  run.machine = flags.machine;
  run.mode = flags.mode;
  CalibratePlan plan;
  plan.request = TRY(make_request(context, flags.kernel, run));
  plan.timed = flags.mode == "timed";
  if (flags.nulls < 1 || flags.nulls > 500) return config_error("between 1 and 500 null changes", "--nulls");
  if (flags.gates < 1 || flags.pairs < 1 || flags.gates * flags.pairs > 5000) {
    return config_error("between 1 and 5000 pairs of boots altogether", "--gates, --pairs");
  }
  plan.nulls = flags.nulls;
  plan.gates = flags.gates;
  plan.pairs_a_gate = flags.pairs;
  if (flags.builds && plan.timed) return config_error("null builds are for exact mode", "--builds");
  if (flags.builds) plan.builds = TRY(linux_null_builds(store.root() / "calibrations" / "fragments"));
  return plan;
}

// What it will take, before it starts.
Status announce(const Context& context, Store& store, const CalibratePlan& plan, const std::string& machine) {
  const Subject& subject = plan.request.subject;
  const BootCost cost =
      learn_boot_cost(TRY(recent_runs(context, store)), subject.kernel, machine, plan.request.scenarios);
  const std::string builds = plan.builds.empty() ? "" : fmt::format(" with {} builds", plan.builds.size());
  const std::string takes = cost.boots > 0 ? fmt::format("; a boot took {:.1f} s here", cost.seconds)
                                           : "; what a boot takes is not known yet";
  context.progress.note(fmt::format("{} boots of each scenario{}{}", plan.boots(), builds, takes));
  return {};
}

Result<int> calibrate_machine(Context& context, const CalibrateFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const std::string machine_name = !flags.machine.empty()  ? flags.machine
                                   : flags.mode == "timed" ? "qemu-kvm"
                                                           : "qemu-exact";
  if (flags.show) {
    const Calibration known = TRY(read_calibration(store, machine_name, flags.kernel));
    context.print(flags.json ? calibration_to_json(known, 2) + "\n" : calibration_text(known, text_style(context)));
    return kExitMet;
  }
  CalibratePlan plan = TRY(make_calibrate_plan(context, store, flags));
  Measurer measurer;
  measurer.measure = [&](const RunRequest& request) { return measure(context, store, request); };
  measurer.cancel = &context.cancel;
  measurer.progress = &context.progress;
  if (flags.from.empty()) {
    TRY(announce(context, store, plan, machine_name));
    measurer.clock = &context.clock;
  } else {
    const RunRecord known = TRY(store.read_run(TRY(find_run(context, store, flags.from)))).run;
    plan.timed = known.mode == "timed";
    plan.builds.clear();
    measurer.measure = [known](const RunRequest&) -> Result<RunRecord> { return known; };
  }
  Calibrated out = TRY(calibrate(plan, measurer));
  Calibration& taught = out.calibration;
  taught.date = utc_time(context.clock.unix_seconds());
  const host::Conditions conditions = host::read_conditions();
  taught.host = host::to_map(conditions);
  if (plan.timed) taught.host_advice = host_advice(conditions);
  for (const std::string& note : out.notes) context.progress.note(note);
  if (const auto before = load_calibration(store, taught.machine, taught.kernel)) {
    for (const std::string& gain : host_gains(*before, taught)) {
      taught.host_advice.push_back(gain);
    }
  }
  TRY(store_calibration(store, taught));
  context.progress.note("stored: " + calibration_path(store, taught.machine, taught.kernel).string());
  context.print(flags.json ? calibration_to_json(taught, 2) + "\n" : calibration_text(taught, text_style(context)));
  return kExitMet;
}

}  // namespace

CommandSpec calibrate_command() {
  return {
      "calibrate", "Make null changes: how far do the figures move on this machine when nothing has changed?",
      "  aios-bench calibrate aios\n  aios-bench calibrate debian --scenario boot --nulls 20\n  aios-bench calibrate "
      "debian --mode timed --machine host --scenario syscall\n  aios-bench calibrate aios --show --json",
      [](FlagSet& set) -> Action {
        auto flags = std::make_shared<CalibrateFlags>();
        set.add("KERNEL", flags->kernel, "The subject", {.show_default = true});
        set.add("--machine", flags->machine, "Where (default: by mode)", {.value = "M"});
        set.add("--mode", flags->mode, "exact: perturbations; timed: A against A",
                {.choices = {"exact", "timed"}, .show_default = true});
        set.add("--scenario", flags->scenarios, "Scenarios by name, core or all, separated by commas (default: core)",
                {.value = "A,B"});
        set.add("--nulls", flags->nulls, "Exact: so many perturbations", {.value = "N", .show_default = true});
        set.add("--builds", flags->builds,
                "Exact: also build the kernel with another version string, and with functions that nothing calls");
        set.add("--gates", flags->gates, "Timed: so many gates of A against A", {.value = "N", .show_default = true});
        set.add("--pairs", flags->pairs, "Timed: pairs of boots in a gate", {.value = "N", .show_default = true});
        set.add("--from", flags->from, "Learn from a stored run (its boots, its perturbations) instead of measuring",
                {.value = "RUN"});
        set.add("--show", flags->show, "What is stored, without measuring");
        set.add("--json", flags->json, "One JSON document on standard output");
        return [flags](Context& context) { return calibrate_machine(context, *flags); };
      }};
}

}  // namespace aios
