// SPDX-License-Identifier: Apache-2.0
// Frees what can be made again.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/store/collect.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct GcFlags {
  bool dry_run = false, json = false, killed = false;
  int days = 30;
  int keep = 0;
};

Result<int> collect(const Context& context, const GcFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  CollectPolicy policy;
  policy.dry_run = flags.dry_run;
  policy.cache_age = std::chrono::hours(24 * flags.days);
  policy.killed_runs = flags.killed;
  if (flags.keep > 0) policy.keep_runs = static_cast<std::size_t>(flags.keep);
  std::error_code ignored;
  policy.scratch = fs::temp_directory_path(ignored);
  const CollectReport report = TRY(collect_garbage(store, policy));
  if (flags.json) {
    OrderedJson rows = OrderedJson::array();
    for (const auto& item : report.items) {
      rows.push_back({{"what", item.what}, {"path", item.path.string()}, {"bytes", item.bytes}});
    }
    context.print(dump_json(OrderedJson{{"dry_run", flags.dry_run}, {"bytes", report.bytes}, {"items", rows}}, 2) +
                  "\n");
    return kExitMet;
  }
  for (const auto& item : report.items) {
    context.print(fmt::format("{:>10}  {}  {}\n", human_bytes(static_cast<double>(item.bytes)), item.what,
                              printable(item.path.string())));
  }
  context.print(fmt::format("{} {}\n", human_bytes(static_cast<double>(report.bytes)),
                            flags.dry_run ? "could be freed" : "freed"));
  return kExitMet;
}

}  // namespace

CommandSpec gc_command() {
  return {"gc", "Free what can be made again: old builds, scratch of killed runs, unused artifacts",
          "  aios-bench gc --dry-run\n  aios-bench gc --days 0\n  aios-bench gc --keep 20", [](FlagSet& set) -> Action {
            auto flags = std::make_shared<GcFlags>();
            set.add("-n,--dry-run", flags->dry_run, "Only say what would go");
            set.add("--days", flags->days, "Cached builds not used for so many days go (0: all)",
                    {.show_default = true});
            set.add("--keep", flags->keep,
                    "Also let go of runs, but for the newest so many of each subject, machine and mode");
            set.add("--killed", flags->killed, "Also let go of killed runs that have finished boots");
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return collect(context, *flags); };
          }};
}

}  // namespace aios
