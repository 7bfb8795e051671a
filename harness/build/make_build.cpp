// SPDX-License-Identifier: Apache-2.0
#include "harness/build/make_build.h"

#include <fmt/format.h>

#include "harness/build/linux_artifact.h"
#include "harness/support/clock.h"
#include "harness/support/hash.h"
#include "harness/support/json.h"
#include "harness/support/process.h"

namespace aios {
namespace {

constexpr std::string_view kMakeRecipe = "make-1";
constexpr const char* kMakeRecord = "build.json";
constexpr const char* kImage = "kernel";
constexpr const char* kSymbols = "System.map";

Result<LinuxPlan> plan_make(const Kernel& kernel, const Subject& subject, const BuildEnv& env) {
  if (!subject.variant.empty() || !subject.configs.empty()) {
    return config_error(
        fmt::format("{} is built by a plain make and has neither variants nor a configuration", kernel.name));
  }
  LinuxPlan plan;
  plan.subject = kernel.name + (subject.ref.empty() ? "" : "@" + subject.ref);
  plan.patches = TRY(read_patches(kernel));
  plan.toolchain = TRY(find_toolchain(Rust::installed, env));
  plan.source = TRY(identify_source(kernel, subject.ref, env));
  Sha256 key;
  key.field(kMakeRecipe).field(plan.source.hash).field(plan.toolchain.hash).field(kernel.make->image);
  for (const auto& word : kernel.make->words) key.field(word);
  for (const auto& patch : plan.patches) key.field(patch.content);
  plan.key = key.hex().substr(0, 32);
  const fs::path cache = TRY(folder_for_make(env.cache));
  const std::string slot = source_slot(plan.source, plan.patches);
  plan.source_tree = cache / "sources" / slot;
  plan.build_tree = cache / "objects" / fmt::format("{}-{}", kernel.name, slot);
  plan.artifact = cache / "kernels" / plan.key;
  plan.log = cache / "logs" / fmt::format("{}-{}.log", kernel.name, plan.key.substr(0, 12));
  return plan;
}

Result<fs::path> image_that_make_left(const LinuxPlan& plan, const MakeRecipe& recipe) {
  for (const fs::path& folder : {plan.build_tree, plan.source_tree}) {
    std::error_code code;
    if (fs::is_regular_file(folder / recipe.image, code)) return folder / recipe.image;
  }
  return kernel_fault(fmt::format("{}: make ended well and left no {}", plan.subject, recipe.image), plan.log.string(),
                      "'build.image' of kernel.toml says what the Makefile makes");
}

OrderedJson file_entry_of(std::string_view bytes) { return {{"bytes", bytes.size()}, {"sha256", sha256(bytes)}}; }

Status collect_made(const LinuxPlan& plan, const MakeRecipe& recipe, double seconds, const BuildEnv& env) {
  const fs::path made = TRY(image_that_make_left(plan, recipe));
  const fs::path unfinished = plan.artifact.string() + ".unfinished";
  TRY(remove_tree(unfinished));
  TRY(make_folders(unfinished));
  TRY(copy_file_to(made, unfinished / kImage));
  OrderedJson files;
  files[kImage] = file_entry_of(TRY(read_file(unfinished / kImage)));
  // No symbols (a flat image, a stripped one): nothing else hangs on them.
  const auto symbols = run_checked({.argv = {"nm", "-n", made.string()}, .env = {{"LC_ALL", "C"}}},
                                   {.limit = 64U << 20, .cancel = env.cancel});
  if (symbols.ok() && !symbols->empty()) {
    TRY(write_file_atomic(unfinished / kSymbols, *symbols));
    files[kSymbols] = file_entry_of(*symbols);
  }
  TRY(copy_file_to(plan.log, unfinished / "build.log"));
  OrderedJson patches = OrderedJson::array();
  for (const auto& patch : plan.patches) patches.push_back({{"name", patch.name}, {"sha256", sha256(patch.content)}});
  const OrderedJson record{{"format", 1},
                           {"subject", plan.subject},
                           {"key", plan.key},
                           {"version", plan.source.revision.substr(0, 12)},
                           {"builder", "make"},
                           {"source",
                            {{"describe", plan.source.describe()},
                             {"location", plan.source.source.location},
                             {"revision", plan.source.revision},
                             {"hash", plan.source.hash}}},
                           {"patches", std::move(patches)},
                           {"toolchain", plan.toolchain.versions},
                           {"seconds", seconds},
                           {"source_tree", plan.source_tree.string()},
                           {"files", std::move(files)}};
  TRY(write_file_atomic(unfinished / kMakeRecord, dump_json(record, 1) + "\n"));
  TRY(remove_tree(plan.artifact));
  std::error_code code;
  fs::rename(unfinished, plan.artifact, code);
  if (code) return system_error("cannot rename into place", plan.artifact.string(), code.value());
  return {};
}

Result<BuiltKernel> read_made(const LinuxPlan& plan) {
  const std::string text = TRY(read_file(plan.artifact / kMakeRecord, 1U << 20));
  const Json record = TRY(parse_json(text, (plan.artifact / kMakeRecord).string()));
  BuiltKernel built;
  built.version = string_or(record, "version");
  built.key = plan.key;
  built.folder = plan.artifact;
  built.image = plan.artifact / kImage;
  std::error_code code;
  if (fs::exists(plan.artifact / kSymbols, code)) built.system_map = plan.artifact / kSymbols;
  built.build_log = plan.artifact / "build.log";
  built.source_tree = string_or(record, "source_tree");
  built.provenance_json = dump_json(record);
  return built;
}

Status make_it(const LinuxPlan& plan, const MakeRecipe& recipe, const BuildEnv& env) {
  const FileLock build = TRY(lock_for_build(env, plan.build_tree.filename().string()));
  const SourceHold source = TRY(hold_source(plan, env));
  TRY(make_folders(plan.build_tree));
  mark_used(plan.build_tree);
  std::error_code code;
  fs::remove(plan.log, code);
  for (const fs::path& folder : {plan.build_tree, plan.source_tree}) fs::remove(folder / recipe.image, code);
  env.progress->phase(fmt::format("building {}", plan.subject));
  const SystemClock clock;
  const Duration start = clock.monotonic();
  MakeRun make = plan.make();
  make.words = recipe.words;
  TRY(run_make(make, plan.toolchain, env));
  return collect_made(plan, recipe, seconds(clock.monotonic() - start), env);
}

}  // namespace

Result<BuiltKernel> build_with_make(const Kernel& kernel, const Subject& subject, const BuildEnv& env) {
  const LinuxPlan plan = TRY(plan_make(kernel, subject, env));
  mark_used(plan.artifact);
  bool cached = artifact_is_whole(plan.artifact);
  if (!cached) {
    const FileLock lock = TRY(lock_for_build(env, plan.key));
    cached = artifact_is_whole(plan.artifact);
    if (!cached) TRY(make_it(plan, *kernel.make, env));
  }
  BuiltKernel built = TRY(read_made(plan));
  built.from_cache = cached;
  return built;
}

}  // namespace aios
