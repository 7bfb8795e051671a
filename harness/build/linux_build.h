// SPDX-License-Identifier: Apache-2.0
// One Linux build, from its plan (what would be built, and the key of that) to its artifact. kernel_build.h is the way
// in; this is for the parts that need the build's trees.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/build/kernel_config.h"
#include "harness/build/kernel_source.h"
#include "harness/build/toolchain.h"

namespace aios {

struct LinuxPlan {
  std::string subject;  // "aios:gpu": without modules
  SourceIdentity source;
  std::vector<PatchFile> patches;
  ConfigPlan config;
  Toolchain toolchain;
  std::string key;
  fs::path source_tree, build_tree, artifact, log;

  MakeRun make() const;
};

Result<LinuxPlan> plan_linux(const Kernel& kernel, const std::string& ref, const std::string& variant,
                             const BuildEnv& env);

// Makes the artifact, or finds it. True if it was there.
Result<bool> build_linux(const Kernel& kernel, const LinuxPlan& plan, const BuildEnv& env);

// The private source tree in the state of this plan, for as long as the hold lives.
struct SourceHold {
  std::optional<FileLock> lock;
};
Result<SourceHold> hold_source(const LinuxPlan& plan, const BuildEnv& env);

// Only the configuration, in a folder of its own beside the build's.
Result<ConfiguredTree> configure_linux(const Kernel& kernel, const LinuxPlan& plan, const BuildEnv& env);
Result<ConfigAudit> audit_linux(const Kernel& kernel, const LinuxPlan& plan, const BuildEnv& env);

}  // namespace aios
