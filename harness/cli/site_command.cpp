// SPDX-License-Identifier: Apache-2.0
// The store as static pages that a browser opens from a disk or a web server hands out.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/site_build.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct SiteFlags {
  std::string folder;
  bool json = false;
};

Result<int> site(Context& context, const SiteFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const SiteResult made = TRY(build_site(context, store, flags.folder));
  if (flags.json) {
    context.print(dump_json(OrderedJson{{"folder", flags.folder},
                                        {"runs", made.runs},
                                        {"written", made.written},
                                        {"kept", made.kept},
                                        {"removed", made.removed},
                                        {"series", made.series}},
                            2) +
                  "\n");
  } else {
    context.print(fmt::format("{} runs, {} series: {} pages written, {} as they were, {} removed\n{}\n", made.runs,
                              made.series, made.written, made.kept, made.removed,
                              printable((fs::path(flags.folder) / "index.html").string())));
  }
  return kExitMet;
}

}  // namespace

CommandSpec site_command() {
  return {"site", "Write the store as static pages: all runs, all metrics over time, a page a run",
          "  aios-bench site public\n  aios-bench site /var/www/bench && xdg-open /var/www/bench/index.html",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<SiteFlags>();
            set.add("DIR", flags->folder,
                    "An empty folder, or one that was written so before: only what changed is "
                    "written again",
                    {.required = true});
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return site(context, *flags); };
          }};
}

}  // namespace aios
