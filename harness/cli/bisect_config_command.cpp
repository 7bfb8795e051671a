// SPDX-License-Identifier: Apache-2.0
// Finds what each of the options that differ between two configurations costs.
#include <fmt/format.h>

#include "harness/build/kernel_build.h"
#include "harness/cli/commands.h"
#include "harness/cli/measure.h"
#include "harness/cli/metric_scenario.h"
#include "harness/cli/run_flags.h"
#include "harness/experiment/bisect_config.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/store/run_id.h"
#include "harness/support/hash.h"

namespace aios {
namespace {

struct BisectConfigFlags {
  std::string first, second, kernel, metric, resume;
  RunFlags run;
  bool json = false;
};

Result<BisectLog> begin_config_log(const Context& context, const Store& store, const BisectConfigFlags& flags) {
  if (flags.first.empty() || flags.second.empty() || flags.metric.empty()) {
    return config_error("say two configurations and what moved", {},
                        "aios-bench bisect-config A.config B.config --metric M [KERNEL], or --resume ID");
  }
  BisectRequest request;
  request.run = TRY(make_request(context, flags.kernel.empty() ? "aios" : flags.kernel, flags.run));
  if (request.run.subject.is_image()) return config_error("an image file has no configuration", flags.kernel);
  request.run.boots = 1;
  request.run.cold = true;  // a configuration is booted once: a guest saved on the way would only take room
  const Kernel kernel = TRY(find_kernel(context.paths.kernels(), request.run.subject.kernel));
  request.metric = flags.metric;
  TRY(choose_scenario_of(context, flags.metric, kernel, request.run));
  const std::string first = TRY(read_file(flags.first, 4U << 20)), second = TRY(read_file(flags.second, 4U << 20));
  TRY(parse_fragment(first, flags.first));
  TRY(parse_fragment(second, flags.second));
  request.good = sha256(first);
  request.bad = sha256(second);
  request.good_name = flags.first;
  request.bad_name = flags.second;
  const fs::path folder = store.root() / "bisects" / make_run_id(unix_nanoseconds_now());
  TRY(make_folders(folder));
  TRY(write_file_atomic(folder / "a.config", first));
  TRY(write_file_atomic(folder / "b.config", second));
  return BisectLog::begin(folder, request);
}

Result<BisectLog> open_config_log(const Context& context, const Store& store, const BisectConfigFlags& flags) {
  if (flags.resume.empty()) return begin_config_log(context, store, flags);
  if (!flags.first.empty() || !flags.metric.empty() || flags.run.given()) {
    return config_error("a bisection that goes on knows what it asked for: no other flags go with --resume", {},
                        "begin a new one with these flags instead");
  }
  const fs::path folder = store.root() / "bisects" / flags.resume;
  std::error_code code;
  if (!is_run_id(flags.resume) || !fs::exists(folder / "a.config", code)) {
    return config_error(fmt::format("'{}' is no ID of a bisection over configuration", flags.resume), "--resume");
  }
  return BisectLog::resume(folder);
}

Result<int> bisect_config(Context& context, const BisectConfigFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  BisectLog log = TRY(open_config_log(context, store, flags));
  const Subject& subject = log.request().run.subject;
  const Kernel kernel = TRY(find_kernel(context.paths.kernels(), subject.kernel));
  context.progress.note(fmt::format("bisection {}", log.id()));
  const BuildEnv env{store.cache(), &context.progress, &context.cancel};
  const ConfigureWith configure = [&](const fs::path& fragment) {
    Subject with = subject;
    with.configs.push_back(fragment);
    return configure_only(kernel, with, env);
  };
  Measurer measurer;
  measurer.measure = [&](const RunRequest& request) { return measure(context, store, request); };
  measurer.clock = &context.clock;
  measurer.cancel = &context.cancel;
  measurer.progress = &context.progress;
  const ConfigBisectReport report = TRY(run_config_bisect(log, configure, measurer));
  context.print(flags.json ? config_bisect_to_json(report) : config_bisect_to_text(report));
  return config_bisect_exit_code(report);
}

}  // namespace

CommandSpec bisect_config_command() {
  return {
      "bisect-config", "Find what each option costs that differs between two configurations",
      "  aios-bench bisect-config small.config hardened.config --metric syscall.null aios\n  aios-bench bisect-config "
      "--resume 20261120-184100-k3fx7q --json",
      [](FlagSet& set) -> Action {
        auto flags = std::make_shared<BisectConfigFlags>();
        set.add("A", flags->first, "A fragment or a whole .config, laid over the kernel's own configuration");
        set.add("B", flags->second, "The other one, whose costs are asked for");
        set.add("KERNEL", flags->kernel, "KERNEL[@REF][:VARIANT], built by Kconfig (default: aios)");
        set.add("--metric", flags->metric, "What moved", {.value = "METRIC"});
        set.add("--resume", flags->resume, "Go on with a bisection that was killed", {.value = "ID"});
        set.add("--scenario", flags->run.scenarios, "Scenarios to run (default: the one that measures the metric)",
                {.value = "A,B"});
        set.add("--machine", flags->run.machine, "Where it runs: one that counts", {.value = "M"});
        set.add("--timeout", flags->run.timeout, "Seconds that one boot may take", {.value = "T"});
        set.add("--json", flags->json, "One JSON document on standard output");
        add_subject_flags(set, flags->run.subject);
        return [flags](Context& context) { return bisect_config(context, *flags); };
      }};
}

}  // namespace aios
