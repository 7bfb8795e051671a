// SPDX-License-Identifier: Apache-2.0
// What a guest said: the console of a stored run's boots.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/store/store.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct LogFlags {
  std::string run = "latest";
  int boot = -1;
  std::string name;
  bool all = false, raw = false;
};

Result<int> show(Context& context, const LogFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const std::string id = TRY(store.find(flags.run));
  const RunRecord run = TRY(store.read_run(id)).run;
  bool any = false;
  for (const auto& boot : run.boots) {
    if (flags.boot >= 0 && boot.index != flags.boot) continue;
    for (const auto& [name, file] : boot.logs) {
      if (!flags.name.empty() && name != flags.name) continue;
      if (flags.name.empty() && !flags.all && name != "console") continue;
      any = true;
      context.print(fmt::format("== boot {} ({}, {}): {}\n", boot.index, printable(boot.scenario),
                                printable(boot.end_state), printable(name)));
      const std::string text = TRY(read_file(store.run_folder(id) / file));
      if (flags.raw) {
        context.print(text);
        continue;
      }
      for (const auto& line : split(text, '\n')) {
        std::string_view shown = line;
        if (shown.ends_with('\r')) shown.remove_suffix(1);
        context.print(printable(shown) + "\n");
      }
    }
  }
  if (any) return kExitMet;
  return config_error(fmt::format("run {} has no such log", id), {},
                      fmt::format("it has {} boots; --all shows every log of them", run.boots.size()));
}

}  // namespace

CommandSpec log_command() {
  return {"log", "Show what the guest wrote on its console",
          "  aios-bench log\n  aios-bench log latest --boot 0\n  aios-bench log ci-bench-baseline --raw",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<LogFlags>();
            set.add("RUN", flags->run, "A run's ID, the beginning of it, its label, or latest", {.show_default = true});
            set.add("--boot", flags->boot, "Only this boot, counted from 0");
            set.add("--name", flags->name, "This log instead of the console (evidence, counts, screen, crash, ...)");
            set.add("--all", flags->all, "Every log");
            set.add("--raw", flags->raw, "As it came, control characters included");
            return [flags](Context& context) { return show(context, *flags); };
          }};
}

}  // namespace aios
