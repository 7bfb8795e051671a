// SPDX-License-Identifier: Apache-2.0
#include "harness/build/module_build.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/build/debian_headers.h"
#include "harness/build/file_identity.h"
#include "harness/build/source_mirror.h"
#include "harness/support/hash.h"

namespace aios {
namespace {

// The kernel's own, or one of a folder of modules that stands beside the kernels (kernels/codex/MODULE) and serves all.
// An empty path if there is none.
fs::path module_folder(const Kernel& kernel, const std::string& module) {
  std::error_code code;
  fs::path own = kernel.folder / "modules" / module;
  if (fs::is_directory(own, code)) return own;
  std::vector<fs::path> shared;
  for (fs::directory_iterator it(kernel.folder.parent_path(), code), end; !code && it != end; it.increment(code)) {
    std::error_code none;
    if (fs::is_regular_file(it->path() / module / "Kbuild", none)) shared.push_back(it->path() / module);
  }
  return shared.empty() ? fs::path() : *std::min_element(shared.begin(), shared.end());
}

// The kernel takes '-' and '_' in a module's name for the same.
std::string normal_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace

bool has_module_source(const Kernel& kernel, const std::string& module) {
  return !module_folder(kernel, module).empty();
}

bool has_module(const BuiltKernel& built, const std::string& module) {
  if (built.modules.empty()) return false;
  const std::string wanted = normal_name(module);
  std::error_code code;
  for (fs::recursive_directory_iterator it(built.modules, code), end; !code && it != end; it.increment(code)) {
    std::string leaf = it->path().filename().string();
    const auto ko = leaf.find(".ko");
    if (ko != std::string::npos && normal_name(leaf.substr(0, ko)) == wanted) return true;
    if (leaf != "modules.builtin") continue;
    const auto list = read_file(it->path(), 4U << 20);
    if (list.ok() && normal_name(*list).find("/" + wanted + ".ko") != std::string::npos) return true;
  }
  return false;
}

Result<ModuleTarget> module_target(const LinuxPlan& plan, const BuiltKernel& built_kernel) {
  if (built_kernel.build_tree.empty()) {
    return config_error(fmt::format("{} is configured without modules (MODULES=n)", plan.subject));
  }
  ModuleTarget target{.subject = plan.subject, .make = plan.make(), .toolchain = plan.toolchain, .key = plan.key};
  target.make.objects = built_kernel.build_tree;
  target.hold = [plan](const BuildEnv& env) { return hold_source(plan, env); };
  return target;
}

Result<ModuleTarget> module_target(const BuiltKernel& prebuilt, const std::string& package_version,
                                   const BuildEnv& env) {
  const KernelHeaders headers = TRY(fetch_kernel_headers(prebuilt.version, package_version, env));
  ModuleTarget target{
      .subject = prebuilt.name, .make = {}, .toolchain = TRY(find_toolchain(Rust::none, env)), .key = ""};
  target.key = Sha256().field(prebuilt.key).field(headers.key).field(target.toolchain.hash).hex().substr(0, 32);
  target.make.source = target.make.objects = headers.tree;
  target.hold = [](const BuildEnv&) -> Result<SourceHold> { return SourceHold{}; };
  return target;
}

Result<fs::path> build_module(const Kernel& kernel, const ModuleTarget& target, const std::string& module,
                              const BuildEnv& env) {
  const fs::path folder = module_folder(kernel, module);
  const std::string content = TRY(tree_content_hash(folder, env));
  const std::string key = Sha256().field("module-2").field(target.key).field(content).hex().substr(0, 32);
  const fs::path cache = fs::absolute(env.cache).lexically_normal();
  const fs::path artifact = cache / "modules" / key / (module + ".ko");
  std::error_code code;
  if (fs::exists(artifact, code)) return artifact;
  const FileLock lock = TRY(lock_for_build(env, key));
  if (fs::exists(artifact, code)) return artifact;
  const SourceHold source = TRY(target.hold(env));
  const fs::path copy = cache / "objects" / fmt::format("module-{}", key);
  TRY(remove_tree(copy));
  TRY(mirror_tree(folder, copy, env));
  env.progress->phase(fmt::format("building module {} for {}", module, target.subject));
  MakeRun make = target.make;
  make.subject = fmt::format("module {}", module);
  make.title = fmt::format("building module {}", module);
  make.log = cache / "logs" / fmt::format("module-{}-{}.log", module, key.substr(0, 12));
  make.module = copy;
  make.words = {"modules"};
  fs::remove(make.log, code);
  TRY(run_make(make, target.toolchain, env));
  const fs::path built = copy / (module + ".ko");
  if (!fs::exists(built, code)) {
    return config_error(fmt::format("the module's Makefile builds no {}.ko", module), folder.string(),
                        fmt::format("it should say: obj-m := {}.o", module));
  }
  TRY(make_folders(artifact.parent_path()));
  const fs::path unfinished = artifact.string() + ".unfinished";
  TRY(copy_file_to(built, unfinished));
  fs::rename(unfinished, artifact, code);
  if (code) return system_error("cannot rename into place", artifact.string(), code.value());
  TRY(remove_tree(copy));
  fs::remove(copy.string() + ".mirrored", code);
  return artifact;
}

}  // namespace aios
