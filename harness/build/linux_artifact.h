// SPDX-License-Identifier: Apache-2.0
// The folder that a finished Linux build leaves: bzImage, vmlinux, System.map, config, modules/lib/modules, devel (what
// modules are built against), audit.json, build.log, build.json. It appears whole or not at all, and build.json (all
// provenance) is written last.
#pragma once

#include <string>

#include "harness/build/linux_build.h"

namespace aios {

struct BuildFigures {
  std::uint64_t steps = 0;
  double seconds = 0;
};

// Copies the results of a finished make out of the build tree.
Status collect_linux(const LinuxPlan& plan, const ConfiguredTree& configured, const BuildFigures& figures,
                     const BuildEnv& env);

// Is the artifact there and undamaged (sizes as recorded)?
bool artifact_is_whole(const fs::path& artifact);

// What build.json says, as the value that the rest of the house uses.
Result<BuiltKernel> read_linux_artifact(const fs::path& artifact);

}  // namespace aios
