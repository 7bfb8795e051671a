// SPDX-License-Identifier: Apache-2.0
// Two stored runs beside each other: all that differs, the largest first.
#include "harness/cli/commands.h"
#include "harness/cli/stored_runs.h"
#include "harness/cli/text_style.h"
#include "harness/judge/claims.h"
#include "harness/manifest/claims_manifest.h"
#include "reports/diff.h"

namespace aios {
namespace {

constexpr std::uint64_t kMostConfig = 4U << 20;

struct DiffFlags {
  std::string first, second, html, markdown;
  bool json = false;
};

std::optional<std::string> config_of(const Store& store, const RunRecord& run) {
  const auto hash = run.inputs.find("config");
  if (hash == run.inputs.end()) return std::nullopt;
  const auto file = store.artifact(hash->second);
  if (!file) return std::nullopt;
  auto text = read_file(*file, kMostConfig);
  return text.ok() ? std::optional(std::move(*text)) : std::nullopt;
}

// "-" is standard output.
Status put(const Context& context, const std::string& path, const std::string& text) {
  if (path == "-") {
    context.print(text);
    return {};
  }
  return write_file_atomic(path, text);
}

Result<int> diff_report(Context& context, const DiffFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const auto runs = TRY(read_runs(context, store, {flags.first, flags.second}));
  const auto ledger = TRY(load_ledger(context.paths.data));
  const RunDiff diff = diff_runs({.first = runs[0],
                                  .second = runs[1],
                                  .first_claims = judge_claims(ledger, {runs[0]}),
                                  .second_claims = judge_claims(ledger, {runs[1]}),
                                  .first_config = config_of(store, runs[0]),
                                  .second_config = config_of(store, runs[1])});
  if (!flags.html.empty()) TRY(put(context, flags.html, render_diff_html(diff)));
  if (!flags.markdown.empty()) TRY(put(context, flags.markdown, render_diff_markdown(diff)));
  if (flags.json) {
    context.print(diff_to_json(diff, 2));
  } else if (flags.html.empty() && flags.markdown.empty()) {
    context.print(render_diff(diff, text_style(context)));
  }
  return kExitMet;
}

}  // namespace

CommandSpec diff_report_command() {
  return {"diff-report", "Show two stored runs beside each other: everything that differs, the largest first",
          "  aios-bench diff-report debian aios\n  aios-bench diff-report before after --html diff.html --markdown "
          "diff.md\n  aios-bench diff-report main latest --json",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<DiffFlags>();
            set.add("A", flags->first, "The measure: a run by ID, label or subject", {.required = true});
            set.add("B", flags->second, "What is held against it", {.required = true});
            set.add("--html", flags->html, "As a page that needs nothing else (- is standard output)",
                    {.value = "FILE"});
            set.add("--markdown", flags->markdown, "For a pull request (- is standard output)", {.value = "FILE"});
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return diff_report(context, *flags); };
          }};
}

}  // namespace aios
