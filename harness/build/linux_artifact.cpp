// SPDX-License-Identifier: Apache-2.0
#include "harness/build/linux_artifact.h"

#include <fmt/format.h>

#include "harness/support/hash.h"
#include "harness/support/json.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr int kArtifactFormat = 1;
constexpr const char* kBuildRecord = "build.json";

std::vector<fs::path> objects_below(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code code;
  for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    if (it->path().extension() == ".o" || it->path().extension() == ".a") found.push_back(it->path());
  }
  return found;
}

Status install_modules(const LinuxPlan& plan, const fs::path& target, const BuildEnv& env) {
  MakeRun make = plan.make();
  make.title = "installing modules";
  make.words = {"INSTALL_MOD_PATH=" + target.string(), "INSTALL_MOD_STRIP=1", "modules_install"};
  TRY(run_make(make, plan.toolchain, env));
  // Links back into the build: they name this machine and mean nothing in a guest.
  std::error_code code;
  for (fs::directory_iterator it(target / "lib/modules", code), end; !code && it != end; it.increment(code)) {
    std::error_code ignored;
    fs::remove(it->path() / "build", ignored);
    fs::remove(it->path() / "source", ignored);
  }
  return {};
}

// What building a module out of tree needs of a build tree: 30 MB instead of 300, and it stays what it is while the
// build tree goes on to the next kernel.
Status copy_devel(const fs::path& tree, const fs::path& devel) {
  constexpr auto kWhole = fs::copy_options::recursive | fs::copy_options::copy_symlinks;
  for (const char* name : {".config", "Makefile", "Module.symvers", "include", "arch/x86/include/generated", "scripts",
                           "tools/objtool/objtool", "tools/bpf/resolve_btfids/resolve_btfids"}) {
    std::error_code code;
    if (!fs::exists(tree / name, code)) continue;
    TRY(make_folders((devel / name).parent_path()));
    fs::copy(tree / name, devel / name, kWhole, code);
    if (code) return system_error("cannot copy", (tree / name).string(), code.value());
  }
  for (const auto& object : objects_below(devel)) {
    std::error_code ignored;
    fs::remove(object, ignored);
  }
  std::error_code code;
  fs::create_symlink("../vmlinux", devel / "vmlinux", code);  // type information for modules
  return {};
}

// Symbols stay, debug information (hundreds of megabytes) goes.
Status copy_vmlinux(const fs::path& from, const fs::path& to, const ConfigValues& config, const BuildEnv& env) {
  if (config_value(config, "DEBUG_INFO") != "y") return copy_file_to(from, to);
  TRY(run_checked({.argv = {"objcopy", "--strip-debug", from.string(), to.string()}}, {.cancel = env.cancel}));
  return {};
}

Result<OrderedJson> files_json(const fs::path& folder) {
  OrderedJson files;
  for (const char* name : {"bzImage", "vmlinux", "System.map", "config", "audit.json"}) {
    std::error_code code;
    const auto size = fs::file_size(folder / name, code);
    if (code) return system_error("the build left no such file", (folder / name).string(), code.value());
    files[name] = {{"bytes", size}, {"sha256", TRY(sha256_file(folder / name))}};
  }
  return files;
}

std::string module_key(const ConfigValues& config) { return config_value(config, "MODULES") == "y" ? "modules" : ""; }

OrderedJson source_json(const SourceIdentity& source) {
  return {{"describe", source.describe()},
          {"location", source.source.location},
          {"revision", source.revision},
          {"hash", source.hash}};
}

}  // namespace

Status collect_linux(const LinuxPlan& plan, const ConfiguredTree& configured, const BuildFigures& figures,
                     const BuildEnv& env) {
  const fs::path unfinished = plan.artifact.string() + ".unfinished";
  TRY(remove_tree(unfinished));
  TRY(make_folders(unfinished));
  const fs::path& tree = plan.build_tree;
  TRY(copy_file_to(tree / "arch/x86/boot/bzImage", unfinished / "bzImage"));
  TRY(copy_vmlinux(tree / "vmlinux", unfinished / "vmlinux", configured.values, env));
  TRY(copy_file_to(tree / "System.map", unfinished / "System.map"));
  TRY(copy_file_to(tree / ".config", unfinished / "config"));
  const std::string modules = module_key(configured.values);
  if (!modules.empty()) {
    TRY(install_modules(plan, unfinished / modules, env));
    TRY(copy_devel(tree, unfinished / "devel"));
  }
  const std::string release(trim(TRY(read_file(tree / "include/config/kernel.release", 4096))));
  ConfigAudit audit = configured.audit;
  audit.version = release;
  TRY(write_file_atomic(unfinished / "audit.json", audit_to_json(audit)));
  TRY(copy_file_to(plan.log, unfinished / "build.log"));

  OrderedJson patches = OrderedJson::array();
  for (const auto& patch : plan.patches) patches.push_back({{"name", patch.name}, {"sha256", sha256(patch.content)}});
  const OrderedJson record{{"format", kArtifactFormat},
                           {"subject", plan.subject},
                           {"key", plan.key},
                           {"version", release},
                           {"modules", modules},
                           {"source", source_json(plan.source)},
                           {"base", plan.config.base_is_file ? "file" : plan.config.base},
                           {"config_asked", plan.config.identity()},
                           {"patches", std::move(patches)},
                           {"toolchain", plan.toolchain.versions},
                           {"ccache", plan.toolchain.ccache},
                           {"steps", figures.steps},
                           {"seconds", figures.seconds},
                           {"source_tree", plan.source_tree.string()},
                           {"files", TRY(files_json(unfinished))}};
  TRY(write_file_atomic(unfinished / kBuildRecord, dump_json(record, 1) + "\n"));
  TRY(remove_tree(plan.artifact));
  std::error_code code;
  fs::rename(unfinished, plan.artifact, code);
  if (code) return system_error("cannot rename into place", plan.artifact.string(), code.value());
  return {};
}

bool artifact_is_whole(const fs::path& artifact) {
  const auto text = read_file(artifact / kBuildRecord, 1U << 20);
  if (!text.ok()) return false;
  const auto record = parse_json(*text, kBuildRecord);
  if (!record.ok() || number_or(*record, "format", 0) != kArtifactFormat || !record->contains("files")) return false;
  for (const auto& [name, file] : (*record)["files"].items()) {
    std::error_code code;
    const auto size = fs::file_size(artifact / name, code);
    if (code || static_cast<double>(size) != number_or(file, "bytes", -1)) return false;
  }
  return true;
}

Result<BuiltKernel> read_linux_artifact(const fs::path& artifact) {
  const std::string text = TRY(read_file(artifact / kBuildRecord, 1U << 20));
  const Json record = TRY(parse_json(text, (artifact / kBuildRecord).string()));
  BuiltKernel built;
  built.subject = string_or(record, "subject");
  built.name = built.subject;
  built.version = string_or(record, "version");
  built.key = string_or(record, "key");
  built.folder = artifact;
  built.image = artifact / "bzImage";
  built.vmlinux = artifact / "vmlinux";
  built.system_map = artifact / "System.map";
  built.config = artifact / "config";
  const std::string modules = string_or(record, "modules");
  if (!modules.empty()) {
    built.modules = artifact / modules;
    built.build_tree = artifact / "devel";
  }
  built.audit = artifact / "audit.json";
  built.build_log = artifact / "build.log";
  built.source_tree = string_or(record, "source_tree");
  built.provenance_json = dump_json(record);
  return built;
}

}  // namespace aios
