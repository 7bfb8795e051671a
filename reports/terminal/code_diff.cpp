// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "reports/explanation.h"

namespace aios {
namespace {

constexpr std::size_t kContext = 4;  // equal lines shown around what differs

std::string shown_line(const CodeLine* line) {
  return line == nullptr ? std::string() : fmt::format("{:>5x}  {}", line->offset, line->text);
}

}  // namespace

std::vector<bool> shown_rows(const std::vector<CodeDiffRow>& rows, std::size_t context) {
  std::vector<bool> shown(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].same) continue;
    const std::size_t begin = i < context ? 0 : i - context;
    for (std::size_t k = begin; k < std::min(rows.size(), i + context + 1); ++k) shown[k] = true;
  }
  return shown;
}

std::string code_headline(const CodeDiff& diff) {
  const auto rows = diff.rows();
  const auto differing = std::count_if(rows.begin(), rows.end(), [](const CodeDiffRow& row) { return !row.same; });
  return fmt::format("{}: {} and {} instructions, {}", diff.function, diff.first.size(), diff.second.size(),
                     differing == 0 ? "the same" : fmt::format("{} lines differ", differing));
}

std::string render_code_diff(const CodeDiff& diff, const TextStyle& style) {
  const auto rows = diff.rows();
  std::string out = "\n" + toned(code_headline(diff), Tone::strong, style) + "\n";
  const auto shown = shown_rows(rows, kContext);
  TextTable table({{.title = diff.first_name, .flexible = true, .least = 30},
                   {.title = " "},
                   {.title = diff.second_name, .flexible = true, .least = 30}});
  bool gap = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!shown[i]) {
      gap = true;
      continue;
    }
    if (gap) table.row({{"   ..."}, {""}, {"   ..."}});
    gap = false;
    const CodeDiffRow& row = rows[i];
    const Tone tone = row.same ? Tone::dim : row.first == nullptr ? Tone::bad : Tone::good;
    const char* mark = row.same ? "" : row.first == nullptr ? "+" : "-";
    table.row({{shown_line(row.first), tone}, {mark, tone}, {shown_line(row.second), tone}});
  }
  if (!table.empty()) out += table.render(style);
  return out;
}

}  // namespace aios
