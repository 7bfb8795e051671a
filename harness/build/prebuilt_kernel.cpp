// SPDX-License-Identifier: Apache-2.0
#include "harness/build/prebuilt_kernel.h"

#include <fmt/format.h>

#include "harness/build/debian_package.h"
#include "harness/build/file_identity.h"
#include "harness/build/tarball.h"
#include "harness/build/vmlinux_extract.h"
#include "harness/support/hash.h"
#include "harness/support/json.h"

namespace aios {
namespace {

constexpr std::string_view kPackageRecipe = "package-1";
constexpr const char* kPackageRecord = "build.json";

// boot/vmlinuz-6.1.0-56-cloud-amd64: the only one in the package.
fs::path file_with_prefix(const fs::path& folder, std::string_view prefix) {
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    if (it->path().filename().string().starts_with(prefix)) return it->path();
  }
  return {};
}

Status move_into(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::rename(from, to, code);
  if (code) return system_error("cannot move into the artifact", from.string(), code.value());
  return {};
}

Status make_artifact(const DebianPackage& package, const fs::path& deb, const fs::path& artifact, const Kernel& kernel,
                     const std::string& key, const BuildEnv& env) {
  env.progress->phase(fmt::format("unpacking {} {}", package.name, package.version));
  const fs::path unfinished = artifact.string() + ".unfinished";
  const fs::path contents = unfinished / "package";
  TRY(remove_tree(unfinished));
  TRY(unpack_debian_package(deb, contents, env));
  const fs::path image = file_with_prefix(contents / "boot", "vmlinuz-");
  if (image.empty()) return config_error(fmt::format("package {} holds no kernel image", package.name), deb.string());
  const std::string release = image.filename().string().substr(8);
  TRY(move_into(image, unfinished / "bzImage"));
  OrderedJson files;
  const std::string bytes = TRY(read_file(unfinished / "bzImage"));
  files["bzImage"] = {{"bytes", bytes.size()}, {"sha256", sha256(bytes)}};
  auto vmlinux = extract_vmlinux(bytes);
  if (vmlinux.ok()) {
    TRY(write_file_atomic(unfinished / "vmlinux", *vmlinux));
    files["vmlinux"] = {{"bytes", vmlinux->size()}, {"sha256", sha256(*vmlinux)}};
  } else {
    env.progress->note(
        fmt::format("{}: no ELF image can be taken out of the bzImage ({})", package.name, vmlinux.error().what));
  }
  std::error_code code;
  if (fs::path config = file_with_prefix(contents / "boot", "config-"); !config.empty()) {
    TRY(move_into(config, unfinished / "config"));
    files["config"] = {{"bytes", fs::file_size(unfinished / "config", code)},
                       {"sha256", TRY(sha256_file(unfinished / "config"))}};
  }
  TRY(make_folders(unfinished / "modules/lib"));
  for (const char* place : {"lib/modules", "usr/lib/modules"}) {
    if (!fs::exists(contents / place, code)) continue;
    TRY(move_into(contents / place, unfinished / "modules/lib/modules"));
    break;
  }
  TRY(remove_tree(contents));
  const OrderedJson record{{"format", 1},
                           {"subject", kernel.name},
                           {"key", key},
                           {"version", release},
                           {"modules", "modules"},
                           {"source",
                            {{"describe", fmt::format("Debian {} {}", package.name, package.version)},
                             {"location", package.name},
                             {"revision", package.version},
                             {"hash", TRY(sha256_file(deb))}}},
                           {"files", files}};
  TRY(write_file_atomic(unfinished / kPackageRecord, dump_json(record, 1) + "\n"));
  TRY(remove_tree(artifact));
  return move_into(unfinished, artifact);
}

Result<BuiltKernel> read_artifact(const fs::path& artifact) {
  const std::string text = TRY(read_file(artifact / kPackageRecord, 1U << 20));
  const Json record = TRY(parse_json(text, (artifact / kPackageRecord).string()));
  const auto if_there = [&](const char* name) {
    std::error_code code;
    return fs::exists(artifact / name, code) ? artifact / name : fs::path();
  };
  BuiltKernel built;
  built.subject = built.name = string_or(record, "subject");
  built.version = string_or(record, "version");
  built.key = string_or(record, "key");
  built.folder = artifact;
  built.image = artifact / "bzImage";
  built.vmlinux = if_there("vmlinux");
  built.config = if_there("config");
  built.modules = if_there("modules");
  built.provenance_json = dump_json(record);
  return built;
}

}  // namespace

Result<BuiltKernel> fetch_prebuilt(const Kernel& kernel, const BuildEnv& env) {
  const DebianPackage package = TRY(resolve_debian_package(kernel.source.location, env));
  const std::string key =
      Sha256().field(kPackageRecipe).field(kernel.name).field(package.name).field(package.version).hex().substr(0, 32);
  const fs::path artifact = fs::absolute(env.kernels()).lexically_normal() / key;
  std::error_code code;
  bool from_cache = true;
  mark_used(artifact);
  if (!fs::exists(artifact / kPackageRecord, code)) {
    const FileLock lock = TRY(lock_for_build(env, key));
    if (!fs::exists(artifact / kPackageRecord, code)) {
      const fs::path deb = TRY(fetch_debian_package(package, env));
      TRY(make_folders(env.kernels()));
      TRY(make_artifact(package, deb, artifact, kernel, key, env));
      from_cache = false;
    }
  }
  BuiltKernel built = TRY(read_artifact(artifact));
  built.from_cache = from_cache;
  return built;
}

std::string package_version_of(const BuiltKernel& prebuilt) {
  const auto record = parse_json(prebuilt.provenance_json, "provenance");
  return record.ok() && record->contains("source") ? string_or((*record)["source"], "revision") : "";
}

Result<BuiltKernel> take_image(const fs::path& image, const std::string& name, const BuildEnv& env) {
  std::error_code code;
  const auto status = fs::status(image, code);
  if (code || !fs::exists(status)) return config_error("there is no such image file", image.string());
  if (!fs::is_regular_file(status))
    return config_error("this is no file: an image must be a regular file", image.string());
  const auto size = fs::file_size(image, code);
  if (code) return system_error("cannot read the image", image.string(), code.value());
  if (size == 0) return config_error("the image is empty", image.string());
  BuiltKernel built;
  built.subject = built.name = name;
  built.key = TRY(file_content_hash(image, env)).substr(0, 32);
  built.image = fs::absolute(image).lexically_normal();
  built.folder = built.image.parent_path();
  built.provenance_json = dump_json(OrderedJson{
      {"format", 1}, {"subject", name}, {"key", built.key}, {"image", built.image.string()}, {"bytes", size}});
  built.linux_kernel = false;
  built.from_cache = true;
  return built;
}

}  // namespace aios
