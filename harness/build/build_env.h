// SPDX-License-Identifier: Apache-2.0
// What a build gets from outside: where results are kept, who is told, how it is stopped. Everything under `cache` can
// be thrown away at any time and is made again.
//
//   kernels/KEY/      finished builds, by content          sources/   unpacked and mirrored source trees
//   objects/SLOT/     object trees, kept for the next build of the same kernel (interrupted builds go on there)
//   logs/ locks/      build logs; locks between harnesses  known/     content hashes by path, size and time
#pragma once

#include <string>

#include "harness/support/cancel.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"

namespace aios {

struct BuildEnv {
  fs::path cache;
  Progress* progress = nullptr;         // never null when handed to a function of this room
  const CancelToken* cancel = nullptr;  // may be null
  int jobs = 0;                         // 0: one a processor
  bool ccache = true;                   // used where it is installed

  fs::path kernels() const { return cache / "kernels"; }
  fs::path sources() const { return cache / "sources"; }
  fs::path objects() const { return cache / "objects"; }
  fs::path logs() const { return cache / "logs"; }
  fs::path locks() const { return cache / "locks"; }
  fs::path known() const { return cache / "known"; }
};

// Waits for another harness that builds the same thing, says so, and can be interrupted.
Result<FileLock> lock_for_build(const BuildEnv& env, const std::string& name);

// Garbage collection goes by age: what is used is young again.
void mark_used(const fs::path& entry);

}  // namespace aios
