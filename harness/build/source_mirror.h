// SPDX-License-Identifier: Apache-2.0
// A private copy of a source folder that follows the original: only what differs is copied, and gets the time of the
// copy, so that make sees exactly what is new to it, whatever times the original has.
#pragma once

#include <set>
#include <string>

#include "harness/build/build_env.h"

namespace aios {

Status mirror_tree(const fs::path& original, const fs::path& copy, const BuildEnv& env);

// The next mirror_tree takes these files from the original again (they have been patched in the copy).
Status forget_mirrored(const fs::path& copy, const std::set<std::string>& paths);

}  // namespace aios
