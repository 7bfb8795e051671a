// SPDX-License-Identifier: Apache-2.0
// The inner loop: at each save of a kernel's source it is built, booted and held to how it was when the watching began.
#include <fmt/format.h>

#include "harness/build/kernel_source.h"
#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/cli/measure.h"
#include "harness/cli/run_flags.h"
#include "harness/cli/text_style.h"
#include "harness/cli/watch_text.h"
#include "harness/experiment/source_watch.h"
#include "harness/experiment/watch.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct WatchFlags {
  std::string subject;
  RunFlags run;
  bool json = false;
};

// What is saved in order to change this kernel: its sources where they are a folder, and what stands beside its
// manifest (configuration, patches, modules).
Result<std::vector<fs::path>> folders_of(const Context& context, RunRequest& request) {
  if (request.subject.is_image()) {
    return config_error("an image file has no source that could be saved", request.subject.image.string());
  }
  const Kernel kernel = TRY(find_kernel(context.paths.kernels(), request.subject.kernel));
  std::vector<fs::path> folders = {kernel.folder};
  const bool repository = kernel.source.kind == SourceKind::git;
  if (!request.subject.ref.empty() && request.subject.ref != kWorktreeRef) {
    return config_error(fmt::format("'@{}' is a commit, which no save changes", request.subject.ref), {},
                        "leave it out: the files are taken as they lie there");
  }
  if (repository || kernel.source.kind == SourceKind::directory) {
    if (repository) request.subject.ref = kWorktreeRef;
    std::error_code code;
    if (!fs::is_directory(kernel.source.location, code)) {
      return config_error(fmt::format("the source of {} is not there", kernel.name), kernel.source.location);
    }
    folders.insert(folders.begin(), fs::path(kernel.source.location));
  }
  return folders;
}

Result<int> watch(Context& context, const WatchFlags& flags) {
  RunRequest request = TRY(make_request(context, flags.subject, flags.run));
  if (request.label.empty()) request.label = "watch";
  Store store = TRY(Store::open(context.paths.store));
  const std::vector<fs::path> folders = TRY(folders_of(context, request));
  SourceWatch source = TRY(SourceWatch::open(folders, context.clock, context.cancel));

  Measurer measurer;
  measurer.measure = [&](const RunRequest& asked) { return measure(context, store, asked); };
  measurer.clock = &context.clock;
  measurer.cancel = &context.cancel;
  measurer.progress = &context.progress;
  WatchInputs inputs;
  inputs.wait = [&] {
    context.progress.phase(fmt::format("waiting for a save in {} ({} folders); Ctrl-C ends it",
                                       folders.front().string(), source.watched_folders()));
    return source.wait();
  };
  inputs.show = [&](const WatchRound& round) {
    context.progress.phase(fmt::format("round {}: {:.1f} s", round.number, round.seconds));
    context.print(flags.json ? watch_round_to_json(round) + "\n" : render_watch_round(round, text_style(context)));
    std::fflush(context.out);  // whoever reads it waits for this round
  };
  const int rounds = TRY(watch_loop(request, measurer, inputs));
  context.progress.phase(fmt::format("ended after {} rounds", rounds));
  return kExitMet;  // being told to end is how it ends
}

}  // namespace

CommandSpec watch_command() {
  return {"watch", "Build, boot and compare at each save of a source file",
          "  aios-bench watch mykernel --scenario syscall\n  aios-bench watch aios+ai_mem --scenario page_fault\n  "
          "aios-bench watch mykernel --scenario syscall --json",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<WatchFlags>();
            set.add("SUBJECT", flags->subject, "KERNEL[:VARIANT][+MODULE][-MODULE]", {.required = true});
            set.add("--json", flags->json, "One JSON document a round, each on a line of its own");
            add_run_flags(set, flags->run);
            return [flags](Context& context) { return watch(context, *flags); };
          }};
}

}  // namespace aios
