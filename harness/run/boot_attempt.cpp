// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_attempt.h"

#include <fmt/format.h>

#include "harness/machine/qemu/counts.h"
#include "harness/machine/watch.h"
#include "harness/run/boot_evidence.h"
#include "harness/run/boot_parts.h"
#include "harness/run/boot_profile.h"
#include "harness/run/boot_recipe.h"
#include "harness/run/boot_scratch.h"
#include "harness/run/boot_start.h"
#include "harness/run/boot_timeline.h"
#include "harness/run/device_resets.h"
#include "harness/run/fault_boot.h"
#include "harness/run/guest_media.h"
#include "harness/run/guest_report.h"
#include "harness/run/ktap_checks.h"
#include "harness/run/sample_assembly.h"
#include "harness/run/told_conditions.h"

namespace aios {
namespace {

constexpr std::uint64_t kMaxCountsLog = 8U << 20;

Status plug_in_counter(const Plan& plan, const PlannedBoot& boot, const std::vector<BootSymbol>& symbols,
                       const fs::path& plugin, const fs::path& scratch, BootSpec& spec) {
  if (!plan.machine.abilities.contains("counts") || plan.black_box) return {};
  if (plugin.empty() || !fs::exists(plugin)) {
    return config_error("the counting plugin is not there", plugin.string(),
                        "build it with the rest; it needs the QEMU of this machine");
  }
  spec.plugin = PluginSpec{.library = plugin, .out = scratch / "counts"};
  const auto watched = boot.scenario == "boot" ? symbols : phases_only(symbols);
  if (watched.empty()) return {};
  spec.plugin->watch = scratch / "watch";
  TRY(write_image(spec.plugin->watch, {watch_list(watched)}));  // not synced: it goes with the scratch folder
  return {};
}

// What the guest sent was damaged on its way: a figure may be missing, so none of them is taken.
Status check_wire(const GuestReport& report, const std::string& what) {
  if (!report.overrun().empty()) {
    return kernel_fault(fmt::format("{}: the guest floods its console: {}", what, report.overrun()));
  }
  const FrameCounts& counts = report.counts();
  const std::uint64_t lost = counts.torn + counts.too_long + counts.bad_checksum + counts.bad_message;
  if (lost == 0) return {};
  return infra_fault(fmt::format("{}: {} of the guest's frames came damaged{}{}", what, lost,
                                 report.first_problem().empty() ? "" : ": ", report.first_problem()),
                     "console", "the console's log is in the run's logs");
}

void wall_clock_samples(const Plan& plan, const PlannedBoot& boot, BootAttempt& attempt) {
  if (plan.exact() || boot.scenario != "boot") return;
  const auto add = [&](const char* metric, const std::optional<double>& seconds) {
    if (!seconds) return;
    Sample sample;
    sample.metric = metric;
    sample.scenario = "boot";
    sample.unit = Unit::nanoseconds;
    sample.value = *seconds * 1e9;
    attempt.samples.push_back(std::move(sample));
  };
  add("boot.wall_to_init", attempt.wall_to_init);
  add("boot.wall_to_ready", attempt.wall_to_ready);
}

Status read_guest(const Plan& plan, const PlannedBoot& boot, const std::vector<BootSymbol>& symbols,
                  const GuestReport& report, const std::optional<GuestCounts>& counts, BootAttempt& attempt) {
  const std::string what = fmt::format("{}, {}", plan.name, boot.scenario);
  TRY(check_wire(report, what));
  AssemblyInput input;
  input.messages = &report.messages();
  input.counts = counts ? &*counts : nullptr;
  input.exact = plan.exact();
  input.fidelity = attempt.fidelity;
  if (const Scenario* scenario = plan.scenario(boot.scenario); scenario != nullptr && !scenario->program.empty()) {
    input.scenarios.push_back(boot.scenario);
  }
  AssembledSamples assembled = TRY(assemble_samples(input));
  attempt.samples = std::move(assembled.samples);
  attempt.record.scenarios_failed = std::move(assembled.failed);
  for (std::string& note : assembled.notes) attempt.record.notes.push_back(std::move(note));
  if (counts && boot.scenario == "boot") {
    BootFigures figures = boot_figures(*counts, boot_timeline(*counts, symbols));
    for (Sample& sample : figures.samples) attempt.samples.push_back(std::move(sample));
    for (std::string& note : figures.notes) attempt.record.notes.push_back(std::move(note));
  }
  wall_clock_samples(plan, boot, attempt);
  TRY(read_conditions_told(report.messages(), attempt));
  return {};
}

void black_box_samples(const BootEvidence& evidence, const BuiltKernel& kernel, bool exact, BootAttempt& attempt) {
  const auto add = [&](const char* metric, Unit unit, double value) {
    Sample sample;
    sample.metric = metric;
    sample.scenario = kBlackBox;
    sample.unit = unit;
    sample.value = value;
    attempt.samples.push_back(std::move(sample));
  };
  add("black_box.alive", Unit::yes_no, evidence.wanted ? 1 : 0);
  if (!evidence.markers.empty() && evidence.markers.back().at && !exact) {
    add("black_box.wall_to_last_marker", Unit::nanoseconds, seconds(*evidence.markers.back().at) * 1e9);
  }
  std::error_code code;
  const auto size = fs::file_size(kernel.image, code);
  if (!code) add("footprint.image_bytes", Unit::bytes, static_cast<double>(size));
}

// Tests that the kernel or its guest ran by itself (KUnit, kselftest) and told of on the console.
void add_ktap(const BootEvidence& evidence, const std::string& scenario, BootAttempt& attempt) {
  KtapChecks checks = ktap_checks(evidence.console, scenario, evidence.console_cut);
  if (checks.samples.empty()) return;
  attempt.metrics = ktap_metrics();
  for (Sample& sample : checks.samples) attempt.samples.push_back(std::move(sample));
  for (std::string& note : checks.notes) attempt.record.notes.push_back(std::move(note));
}

// Where it goes on from a saved guest; a reason not to is noted, and the boot is cold.
Result<std::optional<RestoredStart>> choose_start(const Plan& plan, const BootRecipe& recipe, const ImageFile& image,
                                                  const RunEnv& env, BootAttempt& attempt) {
  Result<RestoredStart> start = restored_start(recipe, image, env, plan.name);
  if (start.ok()) return std::optional(std::move(*start));
  if (start.error().kind == ErrorKind::interrupted) return std::move(start).error();
  attempt.record.notes.push_back(fmt::format("booted cold: {}", start.error().what));
  return std::optional<RestoredStart>();
}

Result<BootAttempt> attempt_once(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel,
                                 const std::vector<BootSymbol>& symbols, const RunEnv& env, bool restore,
                                 std::string& saved_key) {
  const BootScratch scratch = TRY(BootScratch::create());
  BootAttempt attempt;
  attempt.record.index = boot.index;
  attempt.record.perturbation = boot.perturbation;
  attempt.record.scenario = boot.scenario;
  ImageFile image;
  if (!plan.black_box && !plan.frames) {
    image = TRY(env.make_initramfs(plan, boot, scratch.path() / "initrd"));
    attempt.initramfs_hash = image.sha256;
  }
  BootRecipe recipe = TRY(boot_recipe(plan, boot, kernel, image.path, scratch.path(), env.cancel));
  if (orders_come_later(plan, boot, kernel)) {
    recipe.spec.orders.emplace_back(kLaterOrders, TRY(later_orders(plan, boot)));
  }
  if (restore) {
    if (const auto start = TRY(choose_start(plan, recipe, image, env, attempt))) {
      recipe.spec.resume_from = start->state;
      saved_key = start->key;
      attempt.record.start = kRestoredStart;
    }
  }
  TRY(plug_in_counter(plan, boot, symbols, env.plugin, scratch.path(), recipe.spec));
  if (env.profile && recipe.spec.plugin && plan.exact()) {
    recipe.spec.plugin->profile = scratch.path() / "profile";
    recipe.spec.plugin->profile_boot = boot.scenario == "boot";
  }

  GuestReport report(*env.clock);
  WatchHooks hooks;
  if (!plan.black_box) {
    hooks.on_frame = [&](std::string_view line, Duration at) {
      const FrameVerdict verdict = report.line(line, at);
      const std::string step = report.last_step();
      if (verdict != FrameVerdict::not_a_frame && !step.empty()) {
        env.progress->step({.text = fmt::format("{}: {}", boot.scenario, step)});
      }
      return verdict;
    };
  }
  hooks.on_log = [&](std::string_view line, Duration) {
    env.progress->console(fmt::format("{}: {}", boot.scenario, line));
  };
  env.progress->step({.text = boot.scenario + (restore ? ": going on from a saved guest" : ": booting")});
  const MachineEnvironment environment{env.clock, env.cancel};
  const std::unique_ptr<Machine> machine = TRY(env.make_machine(recipe.spec.machine, environment));
  const Duration start = env.clock->monotonic();
  Result<BootEvidence> watched = watch_boot(*machine, recipe.spec, recipe.watch, hooks, scratch.path(), environment);
  attempt.wall_seconds = seconds(env.clock->monotonic() - start);
  if (!watched.ok()) {
    if (watched.error().kind != ErrorKind::infra_fault) return std::move(watched).error();
    attempt.error = std::move(watched).error();
    attempt.worth_another_try = true;
    attempt.record.end_state = "not_started";
    return attempt;
  }
  const BootEvidence& evidence = *watched;
  if (evidence.state == EndState::cancelled) return interrupted();

  attempt.fidelity = evidence.fidelity;
  attempt.machine_version = evidence.back_end_version;
  attempt.machine_command = evidence.command;
  attempt.devices = evidence.devices;
  attempt.record.notes.insert(attempt.record.notes.end(), evidence.doubts.begin(), evidence.doubts.end());
  if (std::string parts = boot_parts_text(evidence.phases); !parts.empty()) {
    attempt.record.notes.push_back(std::move(parts));
  }
  attempt.record.end_state = to_string(evidence.state);
  attempt.record.screen = evidence.screen;
  attempt.logs.emplace_back("console", evidence.console);
  attempt.logs.emplace_back("evidence", describe_evidence(evidence));
  if (saved_key.empty()) {
    if (report.hello_at()) attempt.wall_to_init = seconds(*report.hello_at());
    if (report.ready_at()) attempt.wall_to_ready = seconds(*report.ready_at());
  }

  std::optional<GuestCounts> counts;
  if (recipe.spec.plugin) {
    Result<std::string> text = read_file(recipe.spec.plugin->out, kMaxCountsLog * 8);
    Result<GuestCounts> read =
        text.ok() ? parse_counts(*text, "the plugin's counts") : Result<GuestCounts>(text.error());
    if (read.ok()) {
      counts = std::move(*read);
      attempt.record.timeline = boot_timeline(*counts, boot.scenario == "boot" ? symbols : phases_only(symbols));
      attempt.record.total_instructions = instructions_to_done(*counts);
      attempt.reached_init = counts->find_point(kPointInit) != nullptr;
    } else if (evidence.wanted) {
      attempt.error = std::move(read).error().wrap("nothing was counted");
      attempt.error->kind = ErrorKind::infra_fault;
      attempt.worth_another_try = true;
    }
    if (text.ok() && text->size() <= kMaxCountsLog) attempt.logs.emplace_back("counts", std::move(*text));
    if (counts && evidence.wanted && !recipe.spec.plugin->profile.empty()) {
      Result<Profile> profile =
          boot_profile({recipe.spec.plugin->profile, &plan, &boot, &kernel, env.guest, &*counts, &report.messages()});
      if (profile.ok()) {
        attempt.logs.emplace_back(kProfileLog, profile_to_json(*profile));
      } else {
        attempt.error = std::move(profile).error().wrap("the profile is of no use");
      }
    }
  }
  attempt.reached_init = attempt.reached_init || report.hello_at().has_value();

  const Status end = judge_end(evidence, recipe.spec.label);
  if (!end.ok()) {
    attempt.error = end.error();
    attempt.worth_another_try = end.error().kind == ErrorKind::infra_fault && evidence.state != EndState::silence;
    attempt.record.error = stable_reason(evidence);
    if (plan.black_box) black_box_samples(evidence, kernel, plan.exact(), attempt);
  } else if (plan.black_box) {
    black_box_samples(evidence, kernel, plan.exact(), attempt);
  } else if (!attempt.error) {
    const Status read = read_guest(plan, boot, symbols, report, counts, attempt);
    if (read.ok() && boot.scenario == "gpu") device_reset_samples(evidence.phases, attempt.samples);
    if (read.ok() && boot.scenario == "boot" && !plan.exact()) boot_part_samples(evidence.phases, attempt.samples);
    if (!read.ok()) {
      attempt.error = read.error();
      // Exact boots go the same way again.
      attempt.worth_another_try = read.error().kind == ErrorKind::infra_fault && !plan.exact();
      attempt.samples.clear();
    }
  }
  if (!attempt.error || plan.black_box) {
    add_ktap(evidence, plan.black_box ? kBlackBox : boot.scenario, attempt);
  }
  for (Sample& sample : attempt.samples) {
    sample.boot = boot.index;
    sample.perturbation = boot.perturbation;
    sample.fidelity = fidelity_of(sample.unit, attempt.fidelity);
  }
  attempt.record.ok = !attempt.error;
  return attempt;
}

}  // namespace

Result<BootAttempt> attempt_boot(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel,
                                 const std::vector<BootSymbol>& symbols, const RunEnv& env) {
  std::string saved;
  const bool restore = may_be_restored(plan, boot, kernel, env);
  BootAttempt attempt = TRY(attempt_once(plan, boot, kernel, symbols, env, restore, saved));
  if (saved.empty() || attempt.record.ok || panicked_as_asked(plan, boot, attempt)) return attempt;
  // Only a boot from power-on may accuse a kernel, or the lab.
  env.guests->distrust(saved);
  const std::string why = attempt.record.error.empty() ? attempt.error->what : attempt.record.error;
  env.progress->note(fmt::format("{}: the saved guest did not do its work ({}); booted cold", boot.scenario, why));
  saved.clear();
  attempt = TRY(attempt_once(plan, boot, kernel, symbols, env, false, saved));
  attempt.record.notes.push_back(fmt::format("booted cold: the saved guest did not do its work: {}", why));
  return attempt;
}

}  // namespace aios
