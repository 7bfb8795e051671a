// SPDX-License-Identifier: Apache-2.0
// `gc`: frees what can be made again or was never finished. A sealed run is never touched unless the policy says how
// many to keep; a killed run with finished boots is a result too, and goes only when asked for.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/store/store.h"

namespace aios {

struct CollectPolicy {
  bool dry_run = false;
  std::chrono::hours cache_age{24 * 30};  // cached builds and sources not used for so long; 0: all
  bool killed_runs = false;               // killed runs, also those with finished boots
  std::optional<std::size_t> keep_runs;   // the newest so many sealed runs of each subject, machine and mode
  fs::path scratch;                       // where scratch folders of killed processes may lie; empty: nowhere
  std::chrono::hours scratch_age{24};
};

struct CollectedItem {
  std::string what;  // "cache", "artifact", "scratch", "run without a result", ...
  fs::path path;
  std::uint64_t bytes = 0;
};

struct CollectReport {
  std::vector<CollectedItem> items;
  std::uint64_t bytes = 0;
};

Result<CollectReport> collect_garbage(Store& store, const CollectPolicy& policy);

}  // namespace aios
