// SPDX-License-Identifier: Apache-2.0
// A commit of the user's repository, checked out beside it: the working tree here is a clone that borrows the
// repository's objects, so that neither its folder nor its metadata is ever written to.
#pragma once

#include <string>

#include "harness/build/build_env.h"

namespace aios {

// The full hash of the commit that `ref` names ("HEAD" if empty).
Result<std::string> resolve_commit(const fs::path& repository, const std::string& ref, const BuildEnv& env);

// Brings `tree` to that commit; files that do not differ keep their times, so that make builds only what changed.
Status checkout_commit(const fs::path& repository, const std::string& commit, const fs::path& tree,
                       const BuildEnv& env);

}  // namespace aios
