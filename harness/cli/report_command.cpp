// SPDX-License-Identifier: Apache-2.0
// Stored runs as a report: HTML, Markdown or JSON. Two runs are compared, the first being the baseline.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/stored_runs.h"
#include "harness/judge/claims.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/support/text.h"
#include "reports/html.h"
#include "reports/json_report.h"
#include "reports/markdown.h"
#include "reports/report_model.h"

namespace aios {
namespace {

struct ReportFlags {
  std::vector<std::string> runs;
  std::string html, markdown;
  bool json = false;
};

void add_logs(ReportModel& model, const Store& store) {
  for (std::size_t i = 0; i < model.runs.size(); ++i) {
    const RunRecord& run = model.runs[i];
    for (const auto& boot : run.boots) {
      for (const auto& [name, file] : boot.logs) {
        const auto text = read_file(store.run_folder(run.provenance.run) / file);
        if (text.ok()) model.logs.push_back(log_tail(i, boot.index, name, *text));
      }
    }
  }
}

// "-" is standard output.
Status write_to(const Context& context, const std::string& path, const std::string& text) {
  if (path == "-") {
    context.print(text);
    return {};
  }
  // A pipe or a device cannot be renamed over.
  std::error_code ignored;
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
    std::FILE* file = std::fopen(path.c_str(), "we");
    if (file == nullptr) return system_error("cannot open", path, errno);
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (std::fclose(file) != 0 || !written) return system_error("cannot write", path, errno);
    return {};
  }
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) TRY(make_folders(folder));
  return write_file_atomic(path, text);
}

Result<int> report(Context& context, const ReportFlags& flags) {
  if (flags.html.empty() && flags.markdown.empty() && !flags.json) {
    return config_error("a report needs a form", {}, "--html FILE, --markdown FILE or --json");
  }
  Store store = TRY(Store::open(context.paths.store));
  auto runs = TRY(read_runs(context, store, flags.runs));
  auto claims = judge_claims(TRY(load_ledger(context.paths.data)), TRY(recent_runs(context, store)));
  ReportModel model =
      make_report(std::move(runs), std::move(claims), utc_time(context.clock.unix_seconds()), AIOS_VERSION);
  add_logs(model, store);
  if (!flags.html.empty()) TRY(write_to(context, flags.html, render_html(model)));
  if (!flags.markdown.empty()) TRY(write_to(context, flags.markdown, render_markdown(model)));
  if (flags.json) context.print(render_json(model));
  return kExitMet;
}

}  // namespace

CommandSpec report_command() {
  return {"report", "Write a report of one run, or of two runs compared",
          "  aios-bench report --html report.html\n  aios-bench report debian aios --html report.html --markdown "
          "summary.md\n  aios-bench report latest --json",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<ReportFlags>();
            set.add("RUN", flags->runs,
                    "Runs by ID, label or subject; the first of two is the baseline (default: the newest run)");
            set.add("--html", flags->html, "One self-contained page (- is standard output)", {.value = "FILE"});
            set.add("--markdown", flags->markdown, "For a pull request (- is standard output)", {.value = "FILE"});
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return report(context, *flags); };
          }};
}

}  // namespace aios
