// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/terminal.h"
#include "reports/wording.h"

namespace aios {

std::string render_comparison(const Comparison& comparison, const TextStyle& style) {
  std::string out = toned(comparison.second_name, Tone::strong, style) + " against " +
                    toned(comparison.first_name, Tone::strong, style) + "\n";
  for (const InputDifference& difference : comparison.differences) {
    out += toned(fmt::format("{}: '{}' and '{}'{}: {}", difference.key, difference.first, difference.second,
                             difference.refused ? " (refused)" : "", difference.meaning),
                 difference.refused ? Tone::bad : Tone::dim, style) +
           "\n";
  }
  TextTable table({{.title = "metric", .flexible = true, .least = 36},
                   {.title = comparison.first_name, .right = true},
                   {.title = comparison.second_name, .right = true},
                   {.title = "ratio", .right = true},
                   {.title = "difference", .right = true},
                   {.title = "range", .right = true},
                   {.title = "verdict"},
                   {.title = "heavy classes", .flexible = true},
                   {.title = "reason", .flexible = true}});
  std::string scenario;
  for (const ComparisonRow& row : comparison.rows) {
    if (row.scenario != scenario) {
      scenario = row.scenario;
      table.group(scenario);
    }
    table.row({{"  " + row.metric},
               {row.first ? format_value(*row.first, row.unit) : ""},
               {row.second ? format_value(*row.second, row.unit) : ""},
               {ratio_text(row), Tone::strong},
               {difference_text(row)},
               {interval_text(row), Tone::dim},
               {std::string(to_string(row.change)), tone_of(row.change)},
               {classes_text(row), Tone::dim},
               {row.reason, Tone::dim}});
  }
  if (!table.empty()) out += "\n" + table.render(style);
  for (const std::string& warning : comparison.warnings) out += "\n" + toned(warning, Tone::warn, style) + "\n";
  out += "\n" + toned(std::string(verdict_word(comparison)), tone_of(comparison.verdict), style);
  return out + (comparison.reason.empty() ? "" : ": " + toned(comparison.reason, Tone::plain, style)) + "\n";
}

}  // namespace aios
