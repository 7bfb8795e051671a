// SPDX-License-Identifier: Apache-2.0
// What a gate said of a run, beside the run's bundle (a sealed bundle changes no more): <root>/verdicts/<run>.json. By
// it the last good run of a branch is found; it travels with push and pull.
#pragma once

#include <optional>
#include <string>

#include "harness/store/store.h"

namespace aios {

struct VerdictNote {
  std::string run, baseline;
  std::string verdict;  // "pass", "fail", "inconclusive", "infrastructure"
  std::string judged;   // UTC
};

// A later verdict on the same run replaces the earlier one.
Status write_verdict(const Store& store, const VerdictNote& note);
// None where no gate has judged it. A note that cannot be read is none.
std::optional<VerdictNote> verdict_on(const Store& store, const std::string& run);

// The newest complete run with this label that no gate has found worse or left undecided. A config error where there is
// none.
Result<std::string> last_good_run(Store& store, const std::string& label);

}  // namespace aios
