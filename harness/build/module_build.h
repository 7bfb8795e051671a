// SPDX-License-Identifier: Apache-2.0
// Modules built out of tree: the kernel's own (kernels/NAME/modules/MODULE) or those that serve every Linux kernel
// (kernels/codex/MODULE: any folder beside the kernels with MODULE/Kbuild). Built against what a kernel's build has
// left for that (devel/), or the headers package of a distribution's kernel. A module is cached like a kernel: by its
// own content and the kernel's key.
#pragma once

#include <functional>
#include <string>

#include "harness/build/linux_build.h"

namespace aios {

// What a module is built against: the trees of a kernel that was built here, or the headers of one that was not.
struct ModuleTarget {
  std::string subject;
  MakeRun make;
  Toolchain toolchain;
  std::string key;
  std::function<Result<SourceHold>(const BuildEnv&)> hold;
};
Result<ModuleTarget> module_target(const LinuxPlan& plan, const BuiltKernel& built_kernel);
// A distribution's package, in the version that it was fetched in.
Result<ModuleTarget> module_target(const BuiltKernel& prebuilt, const std::string& package_version,
                                   const BuildEnv& env);

// The .ko, which has the module's name.
Result<fs::path> build_module(const Kernel& kernel, const ModuleTarget& target, const std::string& module,
                              const BuildEnv& env);

// Is there such a folder?
bool has_module_source(const Kernel& kernel, const std::string& module);

// Is there such a .ko below modules/lib/modules, or is it built in?
bool has_module(const BuiltKernel& built, const std::string& module);

}  // namespace aios
