// SPDX-License-Identifier: Apache-2.0
#include "harness/build/linux_build.h"

#include <fmt/format.h>

#include "harness/build/git_source.h"
#include "harness/build/linux_artifact.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/support/clock.h"
#include "harness/support/hash.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// Part of every key: raise it when what a build does changes.
constexpr std::string_view kLinuxRecipe = "linux-4";

fs::path pace_file(const LinuxPlan& plan, const BuildEnv& env) {
  return env.cache / "pace" / plan.build_tree.filename();
}

// Folder and git sources keep one tree that follows them; an unpacked tarball never changes.
bool source_moves(const LinuxPlan& plan) {
  return plan.source.source.kind == SourceKind::directory || plan.source.source.kind == SourceKind::git;
}

struct Trees {
  FileLock build;
  SourceHold source;
};

Result<Trees> take_trees(const LinuxPlan& plan, const BuildEnv& env) {
  FileLock build = TRY(lock_for_build(env, plan.build_tree.filename().string()));
  SourceHold source = TRY(hold_source(plan, env));
  TRY(make_folders(plan.build_tree));
  mark_used(plan.build_tree);
  return Trees{std::move(build), std::move(source)};
}

// All of a source that a configuration is made from.
bool kconfig_reads(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  return name.starts_with("Kconfig") || path.starts_with("scripts/") || path.starts_with("kernel/configs/") ||
         path == "Makefile" ||
         (path.starts_with("arch/x86/") && (name.starts_with("Makefile") || name.ends_with("config")));
}

// A commit that changes nothing of it keeps the .config of the commit built before it in the same tree, which is most
// of the time that a small change takes. Only git says cheaply what has changed; empty: configured anew.
Result<std::string> configuration_identity(const Kernel& kernel, const LinuxPlan& plan, const BuildEnv& env) {
  if (plan.source.source.kind != SourceKind::git) return std::string();
  Sha256 hash;
  hash.field(kLinuxRecipe).field(plan.toolchain.hash).field(plan.config.identity());
  // What the audit says besides.
  for (const auto& note : kernel.notes) {
    hash.field(note.document).field(note.text).field(note.contradiction ? "contradiction" : "");
    for (const auto& option : note.options) hash.field(option);
  }
  for (const auto& fragment : plan.config.fragments) {
    hash.field(fragment.document);
    for (const auto& request : fragment.requests) {
      hash.field(request.name).field(request.value).field(request.reason).field(request.file);
      hash.field(std::to_string(request.line));
    }
  }
  for (const auto& patch : plan.patches) hash.field(patch.content);
  hash.field(TRY(listing_of(plan.source_tree, plan.source.revision, kconfig_reads, env)));
  return hash.hex();
}

Result<ConfiguredTree> configure_or_keep(const Kernel& kernel, const LinuxPlan& plan, const MakeRun& make,
                                         const BuildEnv& env) {
  const fs::path stamp = plan.build_tree / ".aios-configured", audit = plan.build_tree / ".aios-audit.json";
  const std::string identity = TRY(configuration_identity(kernel, plan, env));
  const auto before = read_file(stamp, 256);
  if (!identity.empty() && before.ok() && *before == identity) {
    const auto config = read_file(plan.build_tree / ".config");
    const auto kept = read_file(audit);
    if (config.ok() && kept.ok()) {
      ConfiguredTree configured{parse_dot_config(*config), {}, TRY(audit_from_json(*kept, audit.string()))};
      configured.audit.subject = plan.subject;
      return configured;
    }
  }
  std::error_code code;
  fs::remove(stamp, code);
  env.progress->phase(fmt::format("configuring {}", plan.subject));
  ConfiguredTree configured = TRY(configure_kernel(kernel, plan.config, make, plan.toolchain, env));
  if (!identity.empty()) {
    TRY(write_file_atomic(audit, audit_to_json(configured.audit)));
    TRY(write_file_atomic(stamp, identity));
  }
  return configured;
}

struct Compiled {
  ConfiguredTree configured;
  BuildFigures figures;
};

Result<Compiled> compile(const Kernel& kernel, const LinuxPlan& plan, const BuildEnv& env) {
  const SystemClock clock;
  const Duration start = clock.monotonic();
  std::error_code code;
  fs::remove(plan.log, code);
  MakeRun make = plan.make();
  ConfiguredTree configured = TRY(configure_or_keep(kernel, plan, make, env));
  TRY(check_programs_for(configured.values));
  const AuditTotals totals = configured.audit.totals();
  if (totals.not_in_effect + totals.no_longer_exists > 0) {
    env.progress->note(fmt::format("{} of {} options asked for are not in effect (the audit says why)",
                                   totals.not_in_effect + totals.no_longer_exists, totals.asked));
  }

  env.progress->phase(fmt::format("building {} with {} jobs{}", plan.subject, job_count(env),
                                  plan.toolchain.ccache ? " and ccache" : ""));
  BuildPace pace = read_pace(pace_file(plan, env));
  if (pace.steps == 0) pace = guess_pace(configured.values, job_count(env));
  make.expected = pace.steps;
  make.expected_seconds = pace.seconds;
  make.words = {"bzImage"};
  if (config_value(configured.values, "MODULES") == "y") make.words.emplace_back("modules");
  const bool fresh = !fs::exists(plan.build_tree / "vmlinux", code);
  const std::uint64_t steps = TRY(run_make(make, plan.toolchain, env));
  const BuildFigures figures{steps, seconds(clock.monotonic() - start)};
  // An incremental build says nothing about a whole one.
  if (fresh && steps > 0) TRY(write_pace(pace_file(plan, env), {figures.steps, figures.seconds}));
  return Compiled{std::move(configured), figures};
}

}  // namespace

MakeRun LinuxPlan::make() const {
  return {.source = source_tree,
          .objects = build_tree,
          .words = {},
          .title = fmt::format("building {}", subject),
          .subject = subject,
          .log = log};
}

Result<LinuxPlan> plan_linux(const Kernel& kernel, const std::string& ref, const std::string& variant_name,
                             const BuildEnv& env) {
  const KernelVariant* variant = TRY(find_variant(kernel, variant_name));
  LinuxPlan plan;
  plan.subject = kernel.name + (ref.empty() ? "" : "@" + ref) +
                 (variant == nullptr || variant->name == kernel.default_variant ? "" : ":" + variant->name);
  plan.config = TRY(plan_config(kernel, variant));
  plan.patches = TRY(read_patches(kernel));
  plan.toolchain = TRY(find_toolchain(plan.config.asks_for("RUST") ? Rust::installed : Rust::none, env));
  plan.source = TRY(identify_source(kernel, ref, env));

  Sha256 key;
  key.field(kLinuxRecipe).field(plan.source.hash).field(plan.config.identity()).field(plan.toolchain.hash);
  for (const auto& patch : plan.patches) key.field(patch.content);
  plan.key = key.hex().substr(0, 32);

  const fs::path cache = TRY(folder_for_make(env.cache));
  const std::string slot = source_slot(plan.source, plan.patches);
  const std::string name = kernel.name + (variant == nullptr ? "" : "-" + variant->name);
  plan.source_tree = cache / "sources" / slot;
  plan.build_tree = cache / "objects" / fmt::format("{}-{}", name, slot);
  plan.artifact = cache / "kernels" / plan.key;
  plan.log = cache / "logs" / fmt::format("{}-{}.log", name, plan.key.substr(0, 12));
  return plan;
}

Result<bool> build_linux(const Kernel& kernel, const LinuxPlan& plan, const BuildEnv& env) {
  mark_used(plan.artifact);
  if (artifact_is_whole(plan.artifact)) return true;
  const FileLock lock = TRY(lock_for_build(env, plan.key));
  if (artifact_is_whole(plan.artifact)) return true;
  const Trees trees = TRY(take_trees(plan, env));
  const Compiled compiled = TRY(compile(kernel, plan, env));
  TRY(collect_linux(plan, compiled.configured, compiled.figures, env));
  return false;
}

Result<SourceHold> hold_source(const LinuxPlan& plan, const BuildEnv& env) {
  std::optional<FileLock> lock = TRY(lock_for_build(env, plan.source_tree.filename().string()));
  TRY(prepare_source(plan.source, plan.patches, env));
  if (!source_moves(plan)) lock.reset();
  return SourceHold{std::move(lock)};
}

Result<ConfiguredTree> configure_linux(const Kernel& kernel, const LinuxPlan& plan, const BuildEnv& env) {
  const Trees trees = TRY(take_trees(plan, env));
  // A folder of its own: the build tree's .config, and with it its objects, stay as they are.
  MakeRun make = plan.make();
  make.objects = plan.build_tree.string() + "-audit";
  TRY(make_folders(make.objects));
  env.progress->phase(fmt::format("configuring {}", plan.subject));
  return configure_kernel(kernel, plan.config, make, plan.toolchain, env);
}

Result<ConfigAudit> audit_linux(const Kernel& kernel, const LinuxPlan& plan, const BuildEnv& env) {
  if (artifact_is_whole(plan.artifact)) {
    const fs::path file = plan.artifact / "audit.json";
    return audit_from_json(TRY(read_file(file)), file.string());
  }
  ConfigAudit audit = TRY(configure_linux(kernel, plan, env)).audit;
  audit.version = plan.source.revision;
  return audit;
}

}  // namespace aios
