// SPDX-License-Identifier: Apache-2.0
// Two runs, metric by metric; a side that has no stored run is measured first.
#include "harness/judge/compare.h"

#include "harness/cli/commands.h"
#include "harness/cli/compared_side.h"
#include "harness/cli/text_style.h"
#include "reports/terminal.h"

namespace aios {
namespace {

struct CompareFlags {
  std::string first, second;
  RunFlags run;
  bool json = false, fresh = false;
};

Result<int> compare(Context& context, const CompareFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const RunRecord first = TRY(compared_side(context, store, flags.first, flags.run, flags.fresh));
  const RunRecord second = TRY(compared_side(context, store, flags.second, flags.run, flags.fresh));
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
