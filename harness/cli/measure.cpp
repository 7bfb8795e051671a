// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/measure.h"

#include <fmt/format.h>

#include <thread>

#include "harness/cli/board_care.h"
#include "harness/cli/command.h"
#include "harness/cli/live_run.h"
#include "harness/cli/machine_list.h"
#include "harness/cli/scenario_list.h"
#include "harness/cli/subject_flags.h"
#include "harness/machine/holds.h"
#include "harness/machine/machines.h"
#include "harness/machine/qemu/kvm_probe.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/run/execute.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// The kernel that is asked when another one never says anything.
constexpr const char* kKnownGood = "debian";

Result<bool> kvm_usable(const Context& context, const Store& store, const RunRequest& request,
                        const MachineSpec& machine) {
  // The probe takes seconds the first time on a host: only where its answer matters.
  const bool matters = request.mode == Mode::timed && request.machine.empty() && !request.subject.is_image();
  const bool named = !request.machine.empty() && machine.backend == "qemu" && machine.accelerator == "kvm";
  if (!matters && !named) return false;
  qemu::KvmProbeOptions options;
  options.cache_file = store.cache() / "kvm-probe.json";
  TRY(make_folders(store.cache()));
  const auto verdict = TRY(qemu::probe_kvm({&context.clock, &context.cancel}, options));
  if (!verdict.works && named) {
    return config_error(fmt::format("KVM does not work here: {}", verdict.reason), machine.name,
                        "--machine qemu-tcg gives bounded times, --machine qemu-exact exact counts");
  }
  if (!verdict.works) context.progress.note(fmt::format("KVM does not work here ({}): emulated", verdict.reason));
  return verdict.works;
}

struct Prepared {
  Plan plan;
  BuiltKernel built;
};

Result<Prepared> prepare(const Context& context, const Store& store, const RunRequest& request) {
  Catalogue catalogue;
  catalogue.scenarios = TRY(scenario_list(context, request.scenarios, true));
  catalogue.machines = TRY(machine_list(context));
  finish_boards(context, catalogue.machines);
  std::optional<Kernel> kernel;
  if (!request.subject.is_image()) kernel = TRY(find_kernel(context.paths.kernels(), request.subject.kernel));
  // Planned before the probe and the build: a misspelt scenario must not wait for a kernel.
  const Plan draft = TRY(make_plan(request, catalogue, kernel ? &*kernel : nullptr));
  if (!draft.on_running_kernel()) catalogue.kvm_usable = TRY(kvm_usable(context, store, request, draft.machine));
  Prepared prepared{TRY(make_plan(request, catalogue, kernel ? &*kernel : nullptr)), {}};
  prepared.built = TRY(build_subject(context, store.cache(), request.subject, request.markers));
  return prepared;
}

// `holds`: what the boots of all runs that belong together keep from one to the next.
RunEnv make_environment(const Context& context, Store& store, const std::shared_ptr<Holds>& holds) {
  RunEnv env;
  env.store = &store;
  env.clock = &context.clock;
  env.cancel = &context.cancel;
  env.progress = &context.progress;
  env.make_machine = [cache = store.cache(), holds](const MachineSpec& spec, MachineEnvironment environment) {
    environment.cache_folder = cache;  // where the verdict on KVM is
    environment.holds = holds.get();
    return make_machine(spec, environment);
  };
  env.guest = context.paths.guest;
  env.plugin = context.paths.plugin;
  env.guests = std::make_shared<SavedGuests>(store.cache());
  env.hold = context.paths.plugin.parent_path() / "aios_hold.so";
  env.jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  env.command_line = context.command_line;
  env.harness_version = AIOS_VERSION;
  return env;
}

// Boots the known-good kernel on the same machine, in a store of its own that vanishes.
Status known_good_boots(const Context& context, const Store& store, const std::string& machine,
                        const std::shared_ptr<Holds>& holds) {
  context.progress.phase(fmt::format("the kernel never said anything: does {} boot on {}?", kKnownGood, machine));
  RunRequest request;
  request.subject = TRY(resolve_subject(context, kKnownGood, {}));
  request.scenarios = {"boot"};
  request.machine = machine;
  request.boots = 1;
  const Prepared prepared = TRY(prepare(context, store, request));
  const ScratchFolder scratch = TRY(ScratchFolder::create());
  Store aside = TRY(Store::open(scratch.path()));
  const RunRecord run =
      TRY(execute_run(prepared.plan, request, prepared.built, make_environment(context, aside, holds)));
  if (run.outcome == "complete") return {};
  quarantine_board(context, prepared.plan.machine, run);
  return infra_fault(fmt::format("{} does not boot on {} either", kKnownGood, machine), {},
                     "the machine is at fault, not the kernel: aios-bench doctor");
}

}  // namespace

Result<RunRecord> measure(const Context& context, Store& store, const RunRequest& request,
                          const std::optional<std::string>& resume, bool show_figures) {
  const Prepared prepared = TRY(prepare(context, store, request));
  for (const auto& left : prepared.plan.left_out) {
    context.progress.note(fmt::format("scenario {} is left out: {} has not the ability '{}'", left.scenario,
                                      prepared.plan.machine.name, left.ability));
  }
  const auto holds = std::make_shared<Holds>();
  RunEnv env = make_environment(context, store, holds);
  env.known_good = [&] { return known_good_boots(context, store, prepared.plan.machine.name, holds); };
  LiveRun live(context.progress, prepared.plan, known_boot_seconds(store, prepared.plan, prepared.built.name),
               env.jobs);
  env.progress = &live;
  env.on_boot = [&](const BootRecord& boot, const std::vector<Sample>& samples) {
    live.boot_over(boot, samples, show_figures);
  };
  live.announce();
  if (resume) return resume_run(*resume, prepared.plan, prepared.built, env);
  return execute_run(prepared.plan, request, prepared.built, env);
}

Result<InterleavedRuns> measure_in_turn(const Context& context, Store& store, const RunRequest& first,
                                        const RunRequest& second, const Interleaving& how) {
  auto baseline = prepare(context, store, first);
  if (!baseline.ok() && baseline.error().kind == ErrorKind::kernel_fault) {
    // The other side is not red for it.
    return config_error(fmt::format("the baseline cannot be measured: {}", baseline.error().what),
                        baseline.error().where, "name a baseline that builds");
  }
  const Prepared a = TRY(std::move(baseline));
  const Prepared b = TRY(prepare(context, store, second));
  const auto holds = std::make_shared<Holds>();
  RunEnv env = make_environment(context, store, holds);
  env.known_good = [&] { return known_good_boots(context, store, a.plan.machine.name, holds); };
  return execute_interleaved({&a.plan, &first, &a.built, env}, {&b.plan, &second, &b.built, env}, how);
}

Result<RunRecord> measure_profiled(const Context& context, Store& store, const RunRequest& request) {
  const Prepared prepared = TRY(prepare(context, store, request));
  const auto holds = std::make_shared<Holds>();
  RunEnv env = make_environment(context, store, holds);
  env.known_good = [&] { return known_good_boots(context, store, prepared.plan.machine.name, holds); };
  env.profile = true;
  return execute_run(prepared.plan, request, prepared.built, env);
}

int exit_code_of(const Context& context, const RunRecord& run) {
  int code = kExitMet;
  for (const auto& boot : run.boots) {
    if (boot.ok) continue;
    context.progress.note(fmt::format("boot {} ({}): {}: {}", boot.index, boot.scenario, boot.end_state, boot.error));
  }
  if (run.outcome == "failed") code = kExitRegression;
  if (run.outcome == "infra") code = kExitInfrastructure;
  if (run.outcome == "interrupted") code = kExitInterrupted;
  return code;
}

}  // namespace aios
