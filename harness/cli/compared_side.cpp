// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/compared_side.h"

#include <fmt/format.h>

#include "harness/cli/measure.h"
#include "harness/cli/stored_runs.h"

namespace aios {

Result<RunRecord> compared_side(const Context& context, Store& store, const std::string& word, const RunFlags& how,
                                bool fresh) {
  const bool asks_for_a_subject = resolve_subject(context, word, {}).ok();
  if (how.given() && !asks_for_a_subject) {
    return config_error(fmt::format("'{}' is a stored run, and the flags say how to measure", word), {},
                        "name two subjects, or leave the flags out");
  }
  // With flags a side is measured as they say; without, its newest stored run will do.
  if (!fresh && !how.given()) {
    auto stored = find_run(context, store, word);
    if (stored.ok()) {
      context.progress.note(fmt::format("{}: stored run {}", word, *stored));
      return TRY(store.read_run(*stored)).run;
    }
    if (!asks_for_a_subject) return std::move(stored).error();
  }
  context.progress.note(fmt::format("{}: measured now", word));
  return measure(context, store, TRY(make_request(context, word, how)));
}

}  // namespace aios
