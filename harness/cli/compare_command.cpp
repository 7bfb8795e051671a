// SPDX-License-Identifier: Apache-2.0
// Two runs, metric by metric; a side that has no stored run is measured first.
#include "harness/judge/compare.h"

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/measure.h"
#include "harness/cli/run_flags.h"
#include "harness/cli/stored_runs.h"
#include "harness/cli/text_style.h"
#include "reports/terminal.h"

namespace aios {
namespace {

struct CompareFlags {
  std::string first, second;
  RunFlags run;
  bool json = false, fresh = false;
};

Result<RunRecord> side(const Context& context, Store& store, const CompareFlags& flags, const std::string& word) {
  const bool asks_for_a_subject = resolve_subject(context, word, {}).ok();
  if (flags.run.given() && !asks_for_a_subject) {
    return config_error(fmt::format("'{}' is a stored run, and the flags say how to measure", word), {},
                        "name two subjects, or leave the flags out");
  }
  // With flags a side is measured as they say; without, its newest stored run will do.
  if (!flags.fresh && !flags.run.given()) {
    auto stored = find_run(context, store, word);
    if (stored.ok()) {
      context.progress.note(fmt::format("{}: stored run {}", word, *stored));
      return TRY(store.read_run(*stored)).run;
    }
    if (!asks_for_a_subject) return std::move(stored).error();
  }
  context.progress.note(fmt::format("{}: measured now", word));
  return measure(context, store, TRY(make_request(context, word, flags.run)));
}

Result<int> compare(Context& context, const CompareFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const RunRecord first = TRY(side(context, store, flags, flags.first));
  const RunRecord second = TRY(side(context, store, flags, flags.second));
  const Comparison comparison = compare_runs(first, second);
  context.print(flags.json ? comparison_to_json(comparison, 2) + "\n"
                           : render_comparison(comparison, text_style(context)));
  return comparison.exit_code;
}

}  // namespace

CommandSpec compare_command() {
  return {
      "compare", "Compare two runs or subjects: what changed, by how much, and whether that may be believed",
      "  aios-bench compare debian aios\n  aios-bench compare before-patch after-patch --json\n  aios-bench compare "
      "aios aios:trace --fresh --scenario boot",
      [](FlagSet& set) -> Action {
        auto flags = std::make_shared<CompareFlags>();
        set.add("A", flags->first, "The measure: a stored run (ID, label) or a subject", {.required = true});
        set.add("B", flags->second, "What is held against it", {.required = true});
        set.add("--fresh", flags->fresh,
                "Measure both sides now, even where a run is stored (any flag that says how to measure does, too)");
        set.add("--json", flags->json, "One JSON document on standard output");
        add_run_flags(set, flags->run);
        return [flags](Context& context) { return compare(context, *flags); };
      }};
}

}  // namespace aios
