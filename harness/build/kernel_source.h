// SPDX-License-Identifier: Apache-2.0
// Where a kernel's source comes from, in two steps: first what it is (cheap, no unpacking: the identity goes into the
// build's key), then, only if something has to be built, a private tree of it with the patches applied. What the user
// has (folder, git repository, tarball) is never written to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/build/build_env.h"
#include "harness/model/kernel.h"

namespace aios {

// KERNEL@worktree: the files of its folder or repository as they lie there, committed or not.
inline constexpr std::string_view kWorktreeRef = "worktree";

struct SourceIdentity {
  KernelSource source;   // as asked for, with the subject's ref
  fs::path path;         // the tarball, folder or repository; for a package what was found or downloaded
  std::string revision;  // git: the commit; package: its version
  std::string hash;      // of the content
  std::string describe() const;
};

Result<SourceIdentity> identify_source(const Kernel& kernel, const std::string& ref, const BuildEnv& env);

struct PatchFile {
  std::string name;
  std::string content;
};
Result<std::vector<PatchFile>> read_patches(const Kernel& kernel);

// Names the tree: two sources with one slot share a folder (and so build incrementally), and must not be built at once.
std::string source_slot(const SourceIdentity& identity, const std::vector<PatchFile>& patches);

// The cache by its whole path; a config error where its name is one that make cannot take.
Result<fs::path> folder_for_make(const fs::path& cache);

// Brings the private tree of that slot up to date and returns it. The caller holds the slot's lock.
Result<fs::path> prepare_source(const SourceIdentity& identity, const std::vector<PatchFile>& patches,
                                const BuildEnv& env);

}  // namespace aios
