// SPDX-License-Identifier: Apache-2.0
// Results for other programs: Prometheus, CI systems that show test results, Google Benchmark's compare.py, whatever
// reads KTAP, spreadsheets.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/stored_runs.h"
#include "harness/export/csv.h"
#include "harness/export/google_benchmark.h"
#include "harness/export/junit.h"
#include "harness/export/ktap.h"
#include "harness/export/prometheus.h"
#include "harness/judge/claims.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/serve/results_source.h"

namespace aios {
namespace {

struct ExportFlags {
  std::string format, output;
  std::vector<std::string> runs;
};

Result<std::string> prometheus_text(const Context& context, Store& store, const ExportFlags& flags) {
  const auto ledger = TRY(load_ledger(context.paths.data));
  const auto shown = [&](const std::vector<std::string>& left_out, std::string text) {
    for (const auto& sentence : left_out) context.progress.note("left out: " + sentence);
    return text;
  };
  if (flags.runs.empty()) {  // what `serve` serves
    const auto gathered = TRY(ResultsSource(store, ledger, AIOS_VERSION).gather());
    return shown(gathered->left_out, exposition_text(gathered->families));
  }
  const auto claims = judge_claims(ledger, TRY(recent_runs(context, store)));
  PrometheusText exported = export_prometheus(TRY(read_runs(context, store, flags.runs)), claims, AIOS_VERSION);
  return shown(exported.left_out, std::move(exported.text));
}

Result<std::string> google_benchmark_text(const Context& context, const std::vector<RunRecord>& runs) {
  if (runs.size() != 1) {
    return config_error("a Google Benchmark file is one run", {}, "one file for each; compare.py takes two");
  }
  GoogleBenchmarkJson exported = export_google_benchmark(runs.front());
  if (exported.entries == 0) {
    return config_error("the run has no times, and that format knows nothing else", runs.front().provenance.run,
                        "export a timed run (aios-bench run --mode timed); `compare` judges counts");
  }
  if (exported.left_out > 0) {
    context.progress.note(fmt::format("left out: {} metrics that are no times", exported.left_out));
  }
  return std::move(exported.text);
}

Result<std::string> exported_text(const Context& context, Store& store, const ExportFlags& flags) {
  if (flags.format == "prometheus") return prometheus_text(context, store, flags);
  const auto runs = TRY(read_runs(context, store, flags.runs));
  if (flags.format == "junit") return export_junit(runs);
  if (flags.format == "ktap") return export_ktap(runs);
  if (flags.format == "csv") return export_csv(runs);
  return google_benchmark_text(context, runs);
}

Result<int> export_runs(Context& context, const ExportFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const std::string text = TRY(exported_text(context, store, flags));
  if (flags.output.empty()) {
    context.print(text);
  } else {
    TRY(write_file_atomic(flags.output, text));  // a collector never sees half a file
  }
  return kExitMet;
}

}  // namespace

CommandSpec export_command() {
  return {"export", "Write results in the formats of other programs",
          "  aios-bench export prometheus --output /var/lib/prometheus/node-exporter/aios_bench.prom\n  aios-bench "
          "export junit latest --output junit.xml\n  aios-bench export google-benchmark before > before.json\n  "
          "aios-bench export ktap debian aios\n  aios-bench export csv > samples.csv",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<ExportFlags>();
            set.add("FORMAT", flags->format, "prometheus, junit, ktap, google-benchmark or csv",
                    {.required = true, .choices = {"prometheus", "junit", "ktap", "google-benchmark", "csv"}});
            set.add("RUN", flags->runs,
                    "Runs by ID, label or subject (default: the newest run; for Prometheus the newest of each kernel)");
            set.add("-o,--output", flags->output, "Into this file, atomically, instead of standard output",
                    {.value = "FILE"});
            return [flags](Context& context) { return export_runs(context, *flags); };
          }};
}

}  // namespace aios
