// SPDX-License-Identifier: Apache-2.0
// Why two kernels cost what they cost: the difference of two exact profiles, down to the function and its code.
#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/commands.h"
#include "harness/cli/disassembly.h"
#include "harness/cli/profiled_side.h"
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

struct Sides {
  ProfiledSide first, second;
};

std::optional<double> measured_value(const RunRecord& run, const std::string& metric) {
  for (const Sample* sample : samples_of(run, metric)) {
    if (sample->perturbation == 0) return sample->value;
  }
  return std::nullopt;
}

std::vector<std::string> metrics_of_both(const Sides& sides) {
  std::vector<std::string> out;
  for (const Profile& profile : sides.first.profiles) {
    for (const ProfileSpan& span : profile.spans) {
      if (span.metric != "_overhead" && sides.second.with(span.metric) != nullptr) out.push_back(span.metric);
    }
  }
  return out;
}

Result<std::vector<std::string>> chosen_metrics(const Sides& sides, const std::string& wanted) {
  const std::vector<std::string> known = metrics_of_both(sides);
  if (wanted.empty()) {
    if (!known.empty()) return known;
    return config_error("the two sides have no profiled metric in common", {}, "name the same --scenario for both");
  }
  if (std::find(known.begin(), known.end(), wanted) != known.end()) return std::vector<std::string>{wanted};
  return config_error(fmt::format("there is no profile of '{}' on both sides{}", wanted, did_you_mean(wanted, known)),
                      "--metric", known.empty() ? "" : "there are: " + join(known, ", "));
}

Result<Explanation> explanation_of(const Sides& sides, const std::vector<std::string>& metrics) {
  Explanation out;
  out.first_name = sides.first.run.subject;
  out.second_name = sides.second.run.subject;
  out.first_run = sides.first.run.provenance.run;
  out.second_run = sides.second.run.provenance.run;
  if (out.first_name == out.second_name) {
    out.first_name += " (A)";
    out.second_name += " (B)";
  }
  for (const ProfiledSide* side : {&sides.first, &sides.second}) {
    for (const std::string& note : side->notes) out.notes.push_back(note);
    for (const Profile& profile : side->profiles) {
      for (const std::string& note : profile.notes) {
        std::string whole = side->run.subject + ": " + note;
        if (std::find(out.notes.begin(), out.notes.end(), whole) == out.notes.end())
          out.notes.push_back(std::move(whole));
      }
    }
  }
  for (const std::string& metric : metrics) {
    MetricExplanation explained = explain_metric(*sides.first.with(metric), *sides.second.with(metric), metric);
    explained.first_measured = measured_value(sides.first.run, metric);
    explained.second_measured = measured_value(sides.second.run, metric);
    for (const auto& [side, value, measured] :
         {std::tuple(&sides.first, explained.first, explained.first_measured),
          std::tuple(&sides.second, explained.second, explained.second_measured)}) {
      const bool typical = side == &sides.first ? explained.first_typical : explained.second_typical;
      if (typical && measured && *measured != value) {
        return internal_error(fmt::format("{}: {}: the profile adds up to {}, the figure is {}", side->run.subject,
                                          metric, value, *measured));
      }
    }
    out.metrics.push_back(std::move(explained));
  }
  return out;
}

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

Result<CodeDiff> code_of(const Context& context, Store& store, const Sides& sides, const Explanation& explanation,
                         const std::string& name) {
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

ExplainedGraphs graphs_of(const Sides& sides, const std::string& metric) {
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

Result<int> explain(Context& context, ExplainFlags flags) {
  // A profile counts, so a machine that counts it is.
  if (flags.run.mode == "auto") flags.run.mode = "exact";
  if (flags.run.mode != "exact") {
    return config_error("a profile counts instructions, and takes no time", "--mode", "leave --mode out");
  }
  if (!flags.metric.empty() && flags.run.scenarios.empty()) {
    flags.run.scenarios.push_back(flags.metric.substr(0, flags.metric.find('.')));
  }
  Store store = TRY(Store::open(context.paths.store));
  // One after the other: a return out of the middle of a braced list would leave what was built of it undestroyed.
  ProfiledSide first = TRY(profiled_side(context, store, flags.first, flags.run, flags.fresh));
  ProfiledSide second = TRY(profiled_side(context, store, flags.second, flags.run, flags.fresh));
  const Sides sides{std::move(first), std::move(second)};
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
