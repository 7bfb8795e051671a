// SPDX-License-Identifier: Apache-2.0
// The scratch folder of one boot, held by a lock: what a harness that was killed left behind can be told from what is
// in use, and is swept away by the next run.
#pragma once

#include <chrono>
#include <utility>

#include "harness/support/files.h"

namespace aios {

class BootScratch {
 public:
  static Result<BootScratch> create();
  const fs::path& path() const { return folder_.path(); }

 private:
  BootScratch(ScratchFolder folder, FileLock lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}
  ScratchFolder folder_;
  FileLock lock_;
};

// Removes those in `where` that nobody holds, and that are not just being made.
void sweep_boot_scratch(const fs::path& where, std::chrono::seconds settled = std::chrono::seconds(60));

}  // namespace aios
