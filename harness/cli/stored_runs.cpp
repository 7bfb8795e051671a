// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/stored_runs.h"

#include <fmt/format.h>

#include <map>

#include "harness/manifest/kernel_manifest.h"
#include "harness/model/subject.h"
#include "harness/run/imported_run.h"

namespace aios {

Result<std::string> find_run(const Context& context, Store& store, const std::string& word) {
  auto found = store.find(word);
  if (found.ok()) return found;
  const auto subject = parse_subject(word, list_kernels(context.paths.kernels()));
  if (subject.ok() && !subject->is_image()) {
    RunFilter filter;
    filter.subject = subject->text();
    filter.outcome = "complete";
    // What was imported is no measurement of the subject: it is named by its ID or label.
    for (const RunSummary& run : TRY(store.list(filter))) {
      if (run.mode != kImportedMode) return run.id;
    }
    Error error = config_error(fmt::format("'{}' has no complete run in this store", word), store.root().string(),
                               fmt::format("aios-bench run {}", word));
    return error;
  }
  return found;
}

Result<std::vector<RunRecord>> read_runs(const Context& context, Store& store, const std::vector<std::string>& words) {
  std::vector<RunRecord> runs;
  if (words.empty()) {
    const auto newest = TRY(store.newest({}));
    if (!newest) {
      return config_error("there is no run in this store", store.root().string(), "make one: aios-bench run debian");
    }
    runs.push_back(TRY(store.read_run(newest->id)).run);
    return runs;
  }
  for (const auto& word : words) runs.push_back(TRY(store.read_run(TRY(find_run(context, store, word)))).run);
  return runs;
}

Result<std::vector<RunRecord>> recent_runs(const Context& context, Store& store) {
  constexpr int kRunsOfAKernel = 30;
  std::map<std::string, int> taken;
  std::vector<RunRecord> runs;
  for (const auto& summary : TRY(store.list())) {
    TRY(context.cancel.check());
    if (!summary.error.empty() || ++taken[summary.kernel] > kRunsOfAKernel) continue;
    auto stored = store.read_run(summary.id);
    // One damaged bundle does not hide the others; `store verify` names it.
    if (stored.ok()) runs.push_back(std::move(stored->run));
  }
  return runs;
}

}  // namespace aios
