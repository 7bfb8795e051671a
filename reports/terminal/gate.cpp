// SPDX-License-Identifier: Apache-2.0
#include "reports/gate.h"

#include <fmt/format.h>

#include "reports/wording.h"

namespace aios {
namespace {

Tone gate_tone(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::pass:
      return Tone::good;
    case GateVerdict::fail:
      return Tone::bad;
    case GateVerdict::inconclusive:
    case GateVerdict::infrastructure:
      return Tone::warn;
    case GateVerdict::not_judged:
      return Tone::dim;
  }
  return Tone::plain;
}

}  // namespace

std::string render_gate(const GateReport& report, const TextStyle& style) {
  std::string out = toned(report.second_name, Tone::strong, style) + " against " +
                    toned(report.first_name, Tone::strong, style) + "\n";
  for (const InputDifference& difference : report.differences) {
    out += toned(fmt::format("{}: '{}' and '{}': {}", difference.key, difference.first, difference.second,
                             difference.meaning),
                 Tone::dim, style) +
           "\n";
  }
  TextTable table({{.title = "metric", .flexible = true, .least = 36},
                   {.title = "verdict"},
                   {.title = "baseline", .right = true},
                   {.title = "candidate", .right = true},
                   {.title = "change", .right = true},
                   {.title = "allowed", .right = true},
                   {.title = "at most", .right = true},
                   {.title = "would catch", .right = true},
                   {.title = "remarks", .flexible = true}});
  for (const GateRow* row : gate_rows_by_weight(report)) {
    const ComparisonRow& figures = row->figures;
    table.row({{figures.metric},
               {std::string(to_string(row->verdict)), gate_tone(row->verdict)},
               {figures.first ? format_value(*figures.first, figures.unit) : ""},
               {figures.second ? format_value(*figures.second, figures.unit) : ""},
               {gate_change_text(*row), Tone::strong},
               {gate_margin_text(*row), Tone::dim},
               {gate_shown_text(*row), Tone::dim},
               {gate_catch_text(*row), Tone::dim},
               {gate_remark_text(*row)}});
  }
  if (!table.empty()) out += "\n" + table.render(style);
  for (const std::string& note : report.notes) out += "\n" + toned(note, Tone::warn, style);
  if (!report.notes.empty()) out += "\n";
  out += "\n" + toned(std::string(to_string(report.verdict)), gate_tone(report.verdict), style) + ": " +
         toned(report.reason, Tone::plain, style) + "\n";
  out += toned(report.promise, Tone::plain, style) + "\n";
  return out + toned(gate_method_text(report), Tone::dim, style) + "\n";
}

}  // namespace aios
