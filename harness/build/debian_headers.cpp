// SPDX-License-Identifier: Apache-2.0
#include "harness/build/debian_headers.h"

#include <fmt/format.h>

#include "harness/build/debian_package.h"
#include "harness/build/file_identity.h"
#include "harness/build/tarball.h"
#include "harness/support/hash.h"

namespace aios {
namespace {

constexpr const char* kInstalled = "/usr/src/";
constexpr const char* kUnpacked = ".unpacked";

bool is_part_of_headers(const std::string& package) {
  return package.starts_with("linux-headers-") || package.starts_with("linux-kbuild-");
}

Status unpack_headers(const std::vector<DebianPackage>& packages, const fs::path& root, const fs::path& tree,
                      const BuildEnv& env) {
  const fs::path unfinished = root.string() + ".unfinished";
  TRY(remove_tree(unfinished));
  for (const DebianPackage& package : packages) {
    const fs::path deb = TRY(fetch_debian_package(package, env));
    env.progress->phase(fmt::format("unpacking {} {}", package.name, package.version));
    TRY(unpack_debian_package(deb, unfinished, env));
  }
  const fs::path makefile = unfinished / tree.lexically_relative(root) / "Makefile";
  TRY(write_file_atomic(makefile, makefile_below(TRY(read_file(makefile, 1U << 20)), root.string())));
  TRY(write_file_atomic(unfinished / kUnpacked, ""));
  TRY(remove_tree(root));
  std::error_code code;
  fs::rename(unfinished, root, code);
  if (code) return system_error("cannot rename into place", root.string(), code.value());
  return {};
}

}  // namespace

std::string makefile_below(std::string text, const std::string& root) {
  const std::string include = fmt::format("include {}", kInstalled);
  for (auto at = text.find(include); at != std::string::npos; at = text.find(include, at + include.size())) {
    text.insert(at + 8, root);
    at += root.size();
  }
  return text;
}

Result<KernelHeaders> fetch_kernel_headers(const std::string& release, const std::string& version,
                                           const BuildEnv& env) {
  const std::string name = "linux-headers-" + release;
  std::vector<DebianPackage> packages = {TRY(resolve_debian_package(name, env))};
  if (packages.front().version != version) {
    return config_error(
        fmt::format("{} is there in version {}, the kernel in {}", name, packages.front().version, version), {},
        "`aios-bench build` the kernel again once both are of one version");
  }
  for (const std::string& needed : TRY(debian_dependencies(name, env))) {
    if (is_part_of_headers(needed)) packages.push_back(TRY(resolve_debian_package(needed, env)));
  }
  Sha256 hash;
  hash.field("headers-1");
  for (const DebianPackage& package : packages) hash.field(package.name).field(package.version);
  KernelHeaders headers;
  headers.key = hash.hex().substr(0, 32);
  const fs::path root = fs::absolute(env.cache).lexically_normal() / "headers" / headers.key;
  headers.tree = root / "usr/src" / name;
  std::error_code code;
  if (fs::exists(root / kUnpacked, code)) return headers;
  const FileLock lock = TRY(lock_for_build(env, headers.key));
  if (fs::exists(root / kUnpacked, code)) return headers;
  TRY(make_folders(root.parent_path()));
  TRY(unpack_headers(packages, root, headers.tree, env));
  return headers;
}

}  // namespace aios
