// SPDX-License-Identifier: Apache-2.0
// Why two kernels cost what they cost: the difference of two exact profiles, down to the function and its code.
#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/commands.h"
#include "harness/cli/disassembly.h"
#include "harness/cli/profiled_sides.h"
#include "harness/cli/text_style.h"
#include "harness/support/text.h"
#include "reports/explanation.h"
#include "reports/flame_graph.h"

namespace aios {
namespace {

struct ExplainFlags {
  std::string first, second, metric, html, folded;
  std::vector<std::string> functions;
  RunFlags run;
  bool json = false, fresh = false;
};

const ProfiledFunction* function_named(const ProfiledSide& side, const std::string& name) {
  const ProfiledFunction* found = nullptr;
  for (const Profile& profile : side.profiles) {
    for (const ProfiledFunction& function : profile.functions) {
      if (function.name == name) return &function;
      if (found == nullptr && folded_name(function.name) == name) found = &function;
    }
  }
  return found;
}

Result<CodeDiff> code_of(const Context& context, Store& store, const ProfiledSides& sides,
                         const Explanation& explanation, const std::string& name) {
  CodeDiff diff;
  diff.function = name;
  diff.first_name = explanation.first_name;
  diff.second_name = explanation.second_name;
  const ProfiledFunction* first = function_named(sides.first, name);
  const ProfiledFunction* second = function_named(sides.second, name);
  if (first == nullptr && second == nullptr) {
    std::vector<std::string> known;
    for (const MetricExplanation& metric : explanation.metrics) {
      for (const ExplainedFunction& function : metric.functions) known.push_back(function.name);
    }
    return config_error(fmt::format("no function '{}' was executed on either side{}", name, did_you_mean(name, known)),
                        "--function");
  }
  if (first != nullptr) diff.first = TRY(disassemble(context, store, sides.first, *first));
  if (second != nullptr) diff.second = TRY(disassemble(context, store, sides.second, *second));
  return diff;
}

ExplainedGraphs graphs_of(const ProfiledSides& sides, const std::string& metric) {
  const Profile& first = *sides.first.with(metric);
  const Profile& second = *sides.second.with(metric);
  return {metric, folded_stacks(first, nullptr, metric), folded_stacks(second, nullptr, metric),
          folded_stacks(first, &second, metric)};
}

Status write_folded(const fs::path& folder, const Explanation& explanation,
                    const std::vector<ExplainedGraphs>& graphs) {
  TRY(make_folders(folder));
  for (const ExplainedGraphs& of : graphs) {
    const std::string base = file_name_for(of.metric);
    const auto write = [&](const std::string& side, const std::vector<FoldedStack>& stacks, const std::string& title,
                           bool both) -> Status {
      TRY(write_file_atomic(folder / fmt::format("{}.{}.folded", base, side), folded_text(stacks, both)));
      FlameOptions options{.title = of.metric + ", " + title, .two_sides = both};
      return write_file_atomic(folder / fmt::format("{}.{}.svg", base, side), flame_graph_file(stacks, options));
    };
    TRY(write("A", of.first, explanation.first_name, false));
    TRY(write("B", of.second, explanation.second_name, false));
    TRY(write("difference", of.both, explanation.second_name + " against " + explanation.first_name, true));
  }
  return {};
}

Result<int> explain(Context& context, const ExplainFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const ProfiledSides sides =
      TRY(profiled_sides(context, store, {flags.first, flags.second, flags.metric, flags.run, flags.fresh}));
  const std::vector<std::string> metrics = TRY(chosen_metrics(sides, flags.metric));
  const Explanation explanation = TRY(explanation_of(sides, metrics));
  std::vector<CodeDiff> code;
  for (const std::string& name : flags.functions) {
    code.push_back(TRY(code_of(context, store, sides, explanation, name)));
  }
  std::vector<ExplainedGraphs> graphs;
  if (!flags.html.empty() || !flags.folded.empty()) {
    for (const std::string& metric : metrics) graphs.push_back(graphs_of(sides, metric));
  }
  if (!flags.folded.empty()) TRY(write_folded(flags.folded, explanation, graphs));
  if (!flags.html.empty()) TRY(write_file_atomic(flags.html, render_explanation_html(explanation, graphs, code)));
  if (flags.json) {
    context.print(explanation_to_json(explanation, 2) + "\n");
  } else {
    context.print(render_explanation(explanation, text_style(context)));
    for (const CodeDiff& diff : code) context.print(render_code_diff(diff, text_style(context)));
  }
  return kExitMet;
}

}  // namespace

CommandSpec explain_command() {
  return {
      "explain", "Why two runs or subjects differ: function by function, exact to the instruction",
      "  aios-bench explain debian aios --metric syscall.null\n  aios-bench explain aios aios:trace --scenario syscall "
      "--html why.html\n  aios-bench explain aios mine --metric syscall.null --function __x64_sys_getppid\n  "
      "aios-bench "
      "explain before-patch after-patch --metric boot.to_init --folded stacks/",
      [](FlagSet& set) -> Action {
        auto flags = std::make_shared<ExplainFlags>();
        set.add("A", flags->first, "The measure: a stored run (ID, label) or a subject", {.required = true});
        set.add("B", flags->second, "What is held against it", {.required = true});
        set.add("--metric", flags->metric, "Only this one (default: all that both sides have)", {.value = "M"});
        set.add("--function", flags->functions, "Show the code of this function side by side (may be repeated)",
                {.value = "F"});
        set.add("--html", flags->html, "A page with tables and flame graphs", {.value = "FILE"});
        set.add("--folded", flags->folded, "Folded stacks and flame graphs (SVG), a file each", {.value = "DIR"});
        set.add("--fresh", flags->fresh, "Measure subjects now, even where a profile of them is stored");
        set.add("--json", flags->json, "One JSON document on standard output");
        add_run_flags(set, flags->run);
        return [flags](Context& context) { return explain(context, *flags); };
      }};
}

}  // namespace aios
