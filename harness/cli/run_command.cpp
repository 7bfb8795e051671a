// SPDX-License-Identifier: Apache-2.0
// Builds, boots, measures, stores, shows.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/measure.h"
#include "harness/cli/run_flags.h"
#include "harness/cli/stored_runs.h"
#include "harness/cli/text_style.h"
#include "harness/run/repeat.h"
#include "reports/terminal.h"

namespace aios {
namespace {

struct RunCommandFlags {
  std::string subject, repeat, resume;
  std::vector<std::string> markers;
  RunFlags run;
  bool json = false, profile = false;
};

Result<int> show(const Context& context, const RunRecord& run, bool json) {
  context.print(json ? run_to_json(run, 2) + "\n" : render_run(run, text_style(context)));
  return exit_code_of(context, run);
}

Result<int> repeat(Context& context, Store& store, const RunCommandFlags& flags) {
  const std::string id = TRY(find_run(context, store, flags.repeat));
  const RunRecord before = TRY(store.read_run(id)).run;
  const RunRecord now = TRY(measure(context, store, TRY(request_of(store, id)), std::nullopt, true));
  const auto found = differences(before, now);
  for (const auto& difference : found) {
    context.progress.note(fmt::format("differs from {}: {}: {} then, {} now", id, difference.what,
                                      difference.before.empty() ? "nothing" : difference.before,
                                      difference.after.empty() ? "nothing" : difference.after));
  }
  if (found.empty()) context.progress.note(fmt::format("every number of {} again", id));
  return show(context, now, flags.json);
}

Result<int> run(Context& context, const RunCommandFlags& flags) {
  const int ways = (flags.subject.empty() ? 0 : 1) + (flags.repeat.empty() ? 0 : 1) + (flags.resume.empty() ? 0 : 1);
  if (ways != 1) {
    return config_error("say one thing to run", {}, "a SUBJECT, or --repeat RUN, or --resume RUN");
  }
  Store store = TRY(Store::open(context.paths.store));
  if (flags.subject.empty() && (flags.run.given() || flags.profile)) {
    return config_error("a stored run says itself how it is measured: no other flags go with --repeat and --resume", {},
                        "run the subject with these flags instead");
  }
  if (!flags.repeat.empty()) return repeat(context, store, flags);
  if (!flags.resume.empty()) {
    const std::string id = TRY(find_run(context, store, flags.resume));
    const RunRecord resumed = TRY(measure(context, store, TRY(request_of(store, id)), id, true));
    return show(context, resumed, flags.json);
  }
  RunRequest request = TRY(make_request(context, flags.subject, flags.run));
  request.markers = flags.markers;
  const auto how =
      flags.profile ? measure_profiled(context, store, request) : measure(context, store, request, std::nullopt, true);
  return show(context, TRY(how), flags.json);
}

}  // namespace

CommandSpec run_command_spec() {
  return {"run", "Build, boot and measure a kernel, or boot an image file and watch for its markers",
          "  aios-bench run debian\n  aios-bench run aios --scenario syscall,ipc --json\n  aios-bench run aios:trace "
          "--perturb 4 --label nightly\n  aios-bench run ./thing.img --marker 'boot ok' --marker 'ready'\n  aios-bench "
          "run --repeat latest",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<RunCommandFlags>();
            set.add("SUBJECT", flags->subject, "KERNEL[@REF][:VARIANT][+MODULE][-MODULE], or an image file");
            set.add("--repeat", flags->repeat, "Measure again what this stored run measured, and say what differs",
                    {.value = "RUN"});
            set.add("--resume", flags->resume, "Go on with a run that was killed", {.value = "RUN"});
            set.add("--marker", flags->markers, "A text that must appear, in the order given (black boxes)",
                    {.value = "TEXT"});
            set.add("--profile", flags->profile,
                    "Also note where the instructions were executed, for `explain` (exact mode; no figure changes)");
            set.add("--json", flags->json, "One JSON document on standard output");
            add_run_flags(set, flags->run);
            return [flags](Context& context) { return run(context, *flags); };
          }};
}

}  // namespace aios
