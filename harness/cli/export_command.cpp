// SPDX-License-Identifier: Apache-2.0
// Results for other programs: Prometheus's text format.
#include "harness/cli/commands.h"
#include "harness/cli/stored_runs.h"
#include "harness/export/prometheus.h"
#include "harness/judge/claims.h"
#include "harness/manifest/claims_manifest.h"

namespace aios {
namespace {

struct ExportFlags {
  std::string format, output;
  std::vector<std::string> runs;
};

Result<int> export_runs(Context& context, const ExportFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const auto recent = TRY(recent_runs(context, store));
  const auto runs = flags.runs.empty() ? recent : TRY(read_runs(context, store, flags.runs));
  const auto claims = judge_claims(TRY(load_ledger(context.paths.data)), recent);
  const PrometheusText exported = export_prometheus(runs, claims, AIOS_VERSION);
  for (const auto& sentence : exported.left_out) context.progress.note("left out: " + sentence);
  if (flags.output.empty()) {
    context.print(exported.text);
  } else {
    TRY(write_file_atomic(flags.output, exported.text));  // a collector never sees half a file
  }
  return kExitMet;
}

}  // namespace

CommandSpec export_command() {
  return {"export", "Write the results for Prometheus's text-file collector",
          "  aios-bench export prometheus\n  aios-bench export prometheus --output "
          "/var/lib/prometheus/node-exporter/aios_bench.prom",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<ExportFlags>();
            set.add("FORMAT", flags->format, "prometheus", {.required = true, .choices = {"prometheus"}});
            set.add("RUN", flags->runs, "These runs instead of the newest of each kernel");
            set.add("--output", flags->output, "Into this file, atomically, instead of standard output",
                    {.value = "FILE"});
            return [flags](Context& context) { return export_runs(context, *flags); };
          }};
}

}  // namespace aios
