// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/export/metric_row.h"
#include "harness/support/text.h"
#include "reports/terminal.h"
#include "reports/wording.h"

namespace aios {
namespace {

std::string check_mark(const MetricRow& row, const TextStyle& style) {
  if (row.sample->skipped) return style.unicode ? "\xe2\x80\x93 skipped" : "- skipped";
  if (row.lowest != 0) return style.unicode ? "\xe2\x9c\x93 yes" : "yes";
  return style.unicode ? "\xe2\x9c\x97 no" : "NO";
}

Cell value_cell(const MetricRow& row, const TextStyle& style) {
  const bool check = row.metric.unit == Unit::yes_no;
  return {check ? check_mark(row, style) : value_text(row), check ? tone_of(row) : Tone::strong};
}

void boot_remarks(std::string& out, const RunRecord& run, const TextStyle& style) {
  for (const BootRecord& boot : run.boots) {
    if (!boot.ok) {
      out += toned(fmt::format("boot {} ({}): {}", boot.index, boot.end_state, boot.error), Tone::bad, style) + "\n";
    }
    for (const std::string& note : boot.notes) {
      out += toned(fmt::format("boot {}: {}", boot.index, note), Tone::dim, style) + "\n";
    }
    for (const std::string& scenario : boot.scenarios_failed) {
      out += toned(fmt::format("boot {}: scenario {} failed", boot.index, scenario), Tone::bad, style) + "\n";
    }
  }
}

}  // namespace

std::string render_run(const RunRecord& run, const TextStyle& style) {
  std::string out = toned(run_title(run), Tone::strong, style) + "\n";
  out += toned(fmt::format("{} ({}), {}, ", to_string(run.fidelity), run.mode, boots_text(run)), Tone::plain, style);
  out += toned(outcome_text(run), tone_of_outcome(run), style) + "\n";
  boot_remarks(out, run, style);

  TextTable table({{.title = "metric", .flexible = true, .least = 40},
                   {.title = "value", .right = true},
                   {.title = "over the boots", .right = true},
                   {.title = "iterations", .right = true},
                   {.title = "interrupted", .right = true},
                   {.title = "taken off", .right = true},
                   {.title = "note", .flexible = true}});
  std::string scenario;
  for (const MetricRow& row : metric_rows(run)) {
    if (row.metric.scenario != scenario) {
      scenario = row.metric.scenario;
      table.group(scenario);
    }
    const Sample& sample = *row.sample;
    table.row({{"  " + row.metric.name},
               value_cell(row, style),
               {spread_text(row), Tone::dim},
               {sample.iterations > 1 ? group_digits(sample.iterations) : "", Tone::dim},
               {sample.interrupted_iterations > 0 ? group_digits(sample.interrupted_iterations) : "", Tone::dim},
               {overhead_text(row), Tone::dim},
               {sample.detail, Tone::dim}});
  }
  if (!table.empty()) out += "\n" + table.render(style);
  return out;
}

}  // namespace aios
