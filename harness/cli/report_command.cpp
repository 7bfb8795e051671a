// SPDX-License-Identifier: Apache-2.0
// Stored runs as a report: HTML, Markdown, CSV or JSON. Two runs are compared, the first being the baseline.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/open_page.h"
#include "harness/cli/report_parts.h"
#include "harness/cli/stored_runs.h"
#include "harness/export/csv.h"
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
  std::string html, markdown, csv;
  int history = 200;
  bool json = false, open = false;
};

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
  if (flags.html.empty() && flags.markdown.empty() && flags.csv.empty() && !flags.json && !flags.open) {
    return config_error("a report needs a form", {}, "--open, --html FILE, --markdown FILE, --csv FILE or --json");
  }
  if (flags.open && flags.html == "-") {
    return config_error("a page on standard output cannot be opened", "--open", "--html FILE, or --open alone");
  }
  Store store = TRY(Store::open(context.paths.store));
  auto runs = TRY(read_runs(context, store, flags.runs));
  auto claims = judge_claims(TRY(load_ledger(context.paths.data)), TRY(recent_runs(context, store)));
  ReportModel model =
      make_report(std::move(runs), std::move(claims), utc_time(context.clock.unix_seconds()), AIOS_VERSION);
  add_logs(model, store);
  const std::string page = flags.html.empty() && flags.open ? (store.root() / "report.html").string() : flags.html;
  if (!page.empty()) {
    TRY(add_history(model, context, store, flags.history));
    TRY(add_profiles(model, store));
    TRY(write_to(context, page, render_html(model)));
  }
  if (!flags.csv.empty()) TRY(write_to(context, flags.csv, export_csv(model.runs)));
  if (!flags.markdown.empty()) TRY(write_to(context, flags.markdown, render_markdown(model)));
  if (flags.json) context.print(render_json(model));
  if (flags.open) context.progress.note(open_page(page));
  return kExitMet;
}

}  // namespace

CommandSpec report_command() {
  return {"report", "Write a report of one run, or of two runs compared",
          "  aios-bench report --open\n  aios-bench report debian aios --html report.html --markdown summary.md\n  "
          "aios-bench report latest --csv samples.csv\n  aios-bench report latest --json",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<ReportFlags>();
            set.add("RUN", flags->runs,
                    "Runs by ID, label or subject; the first of two is the baseline (default: the newest run)");
            set.add("--html", flags->html, "One self-contained page (- is standard output)", {.value = "FILE"});
            set.add("--open", flags->open, "Show the page in a browser ($BROWSER, or what xdg-open finds)");
            set.add("--csv", flags->csv, "Every sample, a line each (- is standard output)", {.value = "FILE"});
            set.add("--history", flags->history, "Show the newest N runs of the kernel beside it on the page (0: none)",
                    {.value = "N", .show_default = true});
            set.add("--markdown", flags->markdown, "For a pull request (- is standard output)", {.value = "FILE"});
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return report(context, *flags); };
          }};
}

}  // namespace aios
