// SPDX-License-Identifier: Apache-2.0
// `store push|pull DIR`: sealed bundles, and the artifacts they speak of, from one store to another, bundle by bundle:
// each is copied beside its place, held against its seal and renamed in, so that what is interrupted is done again and
// what is there already is left alone.
#pragma once

#include <string>
#include <vector>

#include "harness/store/store.h"
#include "harness/support/cancel.h"
#include "harness/support/progress.h"

namespace aios {

struct TransferReport {
  std::vector<std::string> copied, present;
  std::vector<std::string> unsealed;   // not ended: left out
  std::vector<std::string> conflicts;  // the same id with other content, or damaged: left out, with the reason
  std::uint64_t bytes = 0;
};

// `only`: the runs to take; empty: all.
Result<TransferReport> transfer_runs(const Store& from, Store& to, const std::vector<std::string>& only,
                                     Progress& progress, const CancelToken& cancel);

}  // namespace aios
