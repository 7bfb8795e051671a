// SPDX-License-Identifier: Apache-2.0
// Stored runs as commands name them: by ID, the beginning of one, label, "latest", or a subject (its newest run).
#pragma once

#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/model/run_record.h"
#include "harness/store/store.h"

namespace aios {

Result<std::string> find_run(const Context& context, Store& store, const std::string& word);
// No words: the newest run. An error says how to make a run where there is none.
Result<std::vector<RunRecord>> read_runs(const Context& context, Store& store, const std::vector<std::string>& words);
// What the ledger can rest on: the newest runs of each kernel, bounded.
Result<std::vector<RunRecord>> recent_runs(const Context& context, Store& store);

}  // namespace aios
