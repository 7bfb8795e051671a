// SPDX-License-Identifier: Apache-2.0
#include "harness/build/kernel_source.h"

#include <fmt/format.h>

#include <set>

#include "harness/build/debian_package.h"
#include "harness/build/file_identity.h"
#include "harness/build/git_source.h"
#include "harness/build/source_mirror.h"
#include "harness/build/tarball.h"
#include "harness/support/hash.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

bool is_kernel_tree(const fs::path& folder) {
  std::error_code code;
  return fs::is_regular_file(folder / "Makefile", code);
}

Status check_kernel_tree(const fs::path& folder) {
  if (is_kernel_tree(folder)) return {};
  return config_error("this is no kernel source: it has no Makefile", folder.string());
}

// The files that a patch touches, as they are called in the tree.
std::set<std::string> touched_files(const PatchFile& patch) {
  std::set<std::string> files;
  for (const auto& line : split(patch.content, '\n')) {
    if (!line.starts_with("--- ") && !line.starts_with("+++ ")) continue;
    const std::string name = line.substr(4, line.find('\t', 4) - 4);
    const auto slash = name.find('/');
    if (name != "/dev/null" && slash != std::string::npos) files.insert(name.substr(slash + 1));
  }
  return files;
}

Status apply_patch(const PatchFile& patch, const fs::path& tree, const BuildEnv& env) {
  const ScratchFolder scratch = TRY(ScratchFolder::create());
  const fs::path file = scratch.path() / "patch";
  TRY(write_file_atomic(file, patch.content));
  const Captured result =
      TRY(run_command({.argv = {"patch", "-p1", "--forward", "--batch", "--no-backup-if-mismatch", "-i", file.string()},
                       .cwd = tree,
                       .env = {{"LC_ALL", "C"}}},
                      {.limit = 1U << 16, .merge_stderr = true, .cancel = env.cancel}));
  if (result.exit.success()) return {};
  return config_error(fmt::format("patch {} does not apply to this source: {}", patch.name, trim(result.out)),
                      tree.string());
}

}  // namespace

std::string SourceIdentity::describe() const {
  switch (source.kind) {
    case SourceKind::git:
      return fmt::format("git {} {}", path.string(), revision.substr(0, 12));
    case SourceKind::debian_source:
    case SourceKind::debian_image:
      return fmt::format("Debian {} {}", source.location, revision);
    default:
      return path.string();
  }
}

Result<SourceIdentity> identify_source(const Kernel& kernel, const std::string& ref, const BuildEnv& env) {
  SourceIdentity identity{.source = kernel.source, .path = kernel.source.location, .revision = {}, .hash = {}};
  if (ref == kWorktreeRef) {
    if (kernel.source.kind != SourceKind::git && kernel.source.kind != SourceKind::directory) {
      return config_error(
          fmt::format("'{}@{}': the source of {} is no folder in which files are saved", kernel.name, ref, kernel.name),
          (kernel.folder / "kernel.toml").string());
    }
    identity.source.kind = SourceKind::directory;
  } else if (!ref.empty()) {
    std::error_code code;
    const bool repository = kernel.source.kind == SourceKind::git ||
                            (kernel.source.kind == SourceKind::directory && fs::exists(identity.path / ".git", code));
    if (!repository) {
      return config_error(fmt::format("'{}@{}': the source of {} is not a git repository, so it has no refs",
                                      kernel.name, ref, kernel.name),
                          (kernel.folder / "kernel.toml").string());
    }
    identity.source.kind = SourceKind::git;
    identity.source.ref = ref;
  }
  switch (identity.source.kind) {
    case SourceKind::directory:
      TRY(check_kernel_tree(identity.path));
      identity.hash = TRY(tree_content_hash(identity.path, env));
      break;
    case SourceKind::git:
      identity.revision = TRY(resolve_commit(identity.path, identity.source.ref, env));
      identity.hash = identity.revision;
      break;
    case SourceKind::debian_source: {
      DebianTarball found = TRY(find_debian_tarball(identity.source.location, env));
      identity.path = std::move(found.path);
      identity.revision = std::move(found.version);
      identity.hash = TRY(file_content_hash(identity.path, env));
      break;
    }
    case SourceKind::tarball:
    case SourceKind::image:
      identity.hash = TRY(file_content_hash(identity.path, env));
      break;
    case SourceKind::debian_image:
    case SourceKind::running:
      return internal_error("what is prebuilt has no source");
  }
  return identity;
}

Result<std::vector<PatchFile>> read_patches(const Kernel& kernel) {
  std::vector<PatchFile> patches;
  for (const auto& path : kernel.patches)
    patches.push_back({path.filename().string(), TRY(read_file(path, 64U << 20))});
  return patches;
}

std::string source_slot(const SourceIdentity& identity, const std::vector<PatchFile>& patches) {
  Sha256 hash;
  const bool follows = identity.source.kind == SourceKind::directory || identity.source.kind == SourceKind::git;
  hash.field(follows ? fs::absolute(identity.path).lexically_normal().string() : identity.hash);
  for (const auto& patch : patches) hash.field(patch.content);
  const char* prefix = identity.source.kind == SourceKind::directory ? "dir" : follows ? "git" : "tar";
  return fmt::format("{}-{}", prefix, hash.hex().substr(0, 16));
}

Result<fs::path> prepare_source(const SourceIdentity& identity, const std::vector<PatchFile>& patches,
                                const BuildEnv& env) {
  const fs::path tree = env.sources() / source_slot(identity, patches);
  const fs::path ready = tree.string() + ".ready";
  std::error_code code;
  TRY(make_folders(env.sources()));
  if (identity.source.kind == SourceKind::directory) {
    TRY(mirror_tree(identity.path, tree, env));
  } else if (identity.source.kind == SourceKind::git) {
    TRY(checkout_commit(identity.path, identity.revision, tree, env));
  } else {
    mark_used(tree);
    mark_used(ready);
    if (fs::exists(ready, code) && is_kernel_tree(tree)) return tree;
    env.progress->phase(fmt::format("unpacking {}", identity.path.filename().string()));
    TRY(remove_tree(tree));
    TRY(unpack_tarball(identity.path, tree, env));
  }
  TRY(check_kernel_tree(tree));
  for (const auto& patch : patches) {
    if (identity.source.kind == SourceKind::directory) TRY(forget_mirrored(tree, touched_files(patch)));
    TRY(apply_patch(patch, tree, env));
  }
  mark_used(tree);  // an unpacked folder has the archive's date
  TRY(write_file_atomic(ready, identity.hash + "\n"));
  return tree;
}

Result<fs::path> folder_for_make(const fs::path& cache) {
  const fs::path whole = fs::absolute(cache).lexically_normal();
  if (whole.string().find_first_of(" \t:") == std::string::npos) return whole;
  return config_error(
      "a kernel cannot be built below a folder with a blank or a colon in its name: make cannot take it",
      whole.string(), "set AIOS_BENCH_HOME to another folder");
}

}  // namespace aios
