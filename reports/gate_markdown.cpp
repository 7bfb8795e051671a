// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/gate.h"
#include "reports/markdown.h"
#include "reports/markdown_note.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kInSight = 8;

std::string sign_of(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::pass:
      return "\xe2\x9c\x85";
    case GateVerdict::fail:
      return "\xe2\x9d\x8c";
    case GateVerdict::inconclusive:
    case GateVerdict::infrastructure:
      return "\xe2\x9a\xa0\xef\xb8\x8f";
    case GateVerdict::not_judged:
      return "";
  }
  return "";
}

std::string gate_title_of(const GateReport& report) {
  switch (report.verdict) {
    case GateVerdict::pass:
      return "no worse";
    case GateVerdict::fail:
      return "worse";
    case GateVerdict::infrastructure:
      return "the lab failed, nothing is said of the kernel";
    case GateVerdict::inconclusive:
      return "not decided";
    case GateVerdict::not_judged:
      return "nothing to judge yet";
  }
  return "";
}

std::string line_of(const GateRow& row) {
  const ComparisonRow& figures = row.figures;
  const auto value = [&](const std::optional<double>& of_side) {
    return of_side ? markdown_text(format_value(*of_side, figures.unit)) : std::string();
  };
  return fmt::format("| {} {} | {} | {} | {} | {} | {} | {} | {} |\n", sign_of(row.verdict), to_string(row.verdict),
                     markdown_code(figures.metric), value(figures.first), value(figures.second),
                     markdown_text(gate_change_text(row)), markdown_text(gate_margin_text(row)),
                     markdown_text(gate_catch_text(row)), markdown_text(gate_remark_text(row)));
}

std::string table_of(const std::vector<const GateRow*>& rows) {
  std::string out =
      "| | metric | baseline | candidate | change | allowed | would catch | |\n"
      "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n";
  for (const GateRow* row : rows) out += line_of(*row);
  return out + "\n";
}

bool wants_attention(const GateRow& row) {
  const bool judged_well = row.verdict == GateVerdict::pass && row.accepted.empty();
  return !judged_well && row.verdict != GateVerdict::not_judged;
}

}  // namespace

std::string render_gate_markdown(const GateReport& report) {
  MarkdownNote note;
  note.text(fmt::format("### {} {} against {}: {}\n\n", sign_of(report.verdict), markdown_code(report.second_name),
                        markdown_code(report.first_name), gate_title_of(report)));
  note.text(markdown_text(report.reason) + ".\n");
  if (!report.promise.empty()) {
    std::string promise = report.promise;
    promise[0] = 'T';
    note.text(markdown_text(promise) + ".\n");
  }
  note.text("\n");
  const auto rows = gate_rows_by_weight(report);
  std::vector<const GateRow*> in_sight;
  for (const GateRow* row : rows) {
    if (wants_attention(*row) && in_sight.size() < kInSight) in_sight.push_back(row);
  }
  if (!in_sight.empty()) note.text(table_of(in_sight));
  for (const std::string& text : report.notes) note.text(fmt::format("- {}\n", markdown_text(text)));
  if (!report.notes.empty()) note.text("\n");
  if (!rows.empty()) note.fold(plural(rows.size(), "metric"), table_of(rows));
  std::string how =
      fmt::format("{}.\n\n- baseline: run {}\n- candidate: run {}\n", markdown_text(gate_method_text(report)),
                  markdown_code(report.first_run), markdown_code(report.second_run));
  if (!report.reference_run.empty()) how += fmt::format("- reference: run {}\n", markdown_code(report.reference_run));
  for (const InputDifference& difference : report.differences) {
    how += fmt::format("- {}: {} and {}: {}\n", markdown_text(difference.key), markdown_code(difference.first),
                       markdown_code(difference.second), markdown_text(difference.meaning));
  }
  note.fold("How it was measured", how);
  return note.str();
}

}  // namespace aios
