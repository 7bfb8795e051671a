// SPDX-License-Identifier: Apache-2.0
// From what a kernel's manifest asks for to the .config of a build, and its audit. Nothing that nobody asked for gets
// its default: base, fragments in order, the last word wins, the rest is off.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/build/config_audit.h"
#include "harness/build/make_run.h"
#include "harness/model/kernel.h"

namespace aios {

struct ConfigPlan {
  std::string base;  // a make target, or the text of a file
  bool base_is_file = false;
  std::vector<AuditedFragment> fragments;  // in the order of merging

  std::vector<OptionRequest> requests() const;
  bool asks_for(std::string_view option) const;  // is "y" the last word on it?
  std::string identity() const;                  // of what is asked for; comments do not count
};

Result<ConfigPlan> plan_config(const Kernel& kernel, const KernelVariant* variant);

struct ConfiguredTree {
  ConfigValues values;
  KconfigAnswers answers;  // of the options that were asked for
  ConfigAudit audit;
};

// Writes .config into the objects folder. `make` names source, objects, log and subject.
Result<ConfiguredTree> configure_kernel(const Kernel& kernel, const ConfigPlan& plan, const MakeRun& make,
                                        const Toolchain& toolchain, const BuildEnv& env);

}  // namespace aios
