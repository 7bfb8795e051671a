// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/diff.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kRowsOnTerminal = 15;  // of a section; the page and the JSON have all

std::string section_title(std::string_view title, std::size_t differ, std::size_t same, const TextStyle& style) {
  std::string text = fmt::format("{}: {} differ", title, differ);
  if (same > 0) text += fmt::format(", {} do not", same);
  return "\n" + toned(text, Tone::strong, style) + "\n";
}

std::string rest_line(std::size_t all, const TextStyle& style) {
  if (all <= kRowsOnTerminal) return {};
  return toned(fmt::format("and {} more; --html and --json have all", all - kRowsOnTerminal), Tone::dim, style) + "\n";
}

std::string metrics_text(const RunDiff& diff, const TextStyle& style) {
  if (diff.metrics.empty()) return {};
  TextTable table({{.title = "metric", .flexible = true, .least = 32},
                   {.title = diff.first.name, .right = true},
                   {.title = diff.second.name, .right = true},
                   {.title = "ratio", .right = true},
                   {.title = "difference", .right = true},
                   {.title = "verdict"},
                   {.title = "why", .flexible = true}});
  for (std::size_t i = 0; i < std::min(diff.metrics.size(), kRowsOnTerminal); ++i) {
    const ComparisonRow& row = diff.metrics[i];
    std::string why = row.reason;
    if (const std::string classes = classes_text(row); !classes.empty()) why += (why.empty() ? "" : "; ") + classes;
    table.row({{row.metric},
               {row.first ? format_value(*row.first, row.unit) : ""},
               {row.second ? format_value(*row.second, row.unit) : ""},
               {ratio_text(row), Tone::strong},
               {difference_text(row)},
               {std::string(to_string(row.change)), tone_of(row.change)},
               {why, Tone::dim}});
  }
  return section_title("Metrics", diff.metrics.size(), diff.metrics_alike, style) + table.render(style) +
         rest_line(diff.metrics.size(), style);
}

std::string claims_text(const RunDiff& diff, const TextStyle& style) {
  if (diff.claims.empty()) return {};
  TextTable table({{.title = "claim"},
                   {.title = diff.first.name},
                   {.title = diff.second.name},
                   {.title = "target", .flexible = true, .least = 20},
                   {.title = "promise", .flexible = true}});
  for (std::size_t i = 0; i < std::min(diff.claims.size(), kRowsOnTerminal); ++i) {
    const ClaimDifference& entry = diff.claims[i];
    table.row({{entry.first.claim.kernel + " " + entry.first.claim.id, Tone::strong},
               {claim_side_text(entry.first), tone_of(entry.first.verdict)},
               {claim_side_text(entry.second), tone_of(entry.second.verdict)},
               {entry.first.target_text, Tone::dim},
               {entry.first.claim.text, Tone::dim}});
  }
  return section_title("Claims", diff.claims.size(), diff.claims_alike, style) + table.render(style) +
         rest_line(diff.claims.size(), style);
}

std::string stretches_text(std::string_view title, const RunDiff& diff, const std::vector<StretchDifference>& stretches,
                           std::size_t same, const TextStyle& style) {
  if (stretches.empty()) return {};
  TextTable table({{.title = "", .flexible = true, .least = 24},
                   {.title = diff.first.name, .right = true},
                   {.title = diff.second.name, .right = true},
                   {.title = "difference", .right = true}});
  const auto value = [](const std::optional<std::int64_t>& count) {
    return count ? format_value(static_cast<double>(*count), Unit::instructions) : std::string();
  };
  for (std::size_t i = 0; i < std::min(stretches.size(), kRowsOnTerminal); ++i) {
    table.row(
        {{stretches[i].name}, {value(stretches[i].first)}, {value(stretches[i].second)}, {stretch_text(stretches[i])}});
  }
  return section_title(title, stretches.size(), same, style) + table.render(style) + rest_line(stretches.size(), style);
}

std::string texts_text(std::string_view title, const RunDiff& diff, const std::vector<TextDifference>& rows,
                       std::size_t same, const TextStyle& style) {
  if (rows.empty()) return {};
  TextTable table({{.title = "", .flexible = true, .least = 24},
                   {.title = diff.first.name, .flexible = true, .least = 20},
                   {.title = diff.second.name, .flexible = true, .least = 20}});
  const auto shown = [](const std::string& text) { return text.empty() ? Cell{"-", Tone::dim} : Cell{text}; };
  for (std::size_t i = 0; i < std::min(rows.size(), kRowsOnTerminal); ++i) {
    table.row({{rows[i].name}, shown(rows[i].first), shown(rows[i].second)});
  }
  return section_title(title, rows.size(), same, style) + table.render(style) + rest_line(rows.size(), style);
}

}  // namespace

std::string render_diff(const RunDiff& diff, const TextStyle& style) {
  std::string out =
      toned(diff.second.title, Tone::strong, style) + " against " + toned(diff.first.title, Tone::strong, style) + "\n";
  for (const DiffSide* side : {&diff.first, &diff.second}) {
    out += toned(fmt::format("{}: run {}, {}, {}", side->name, side->run, side->started, side->outcome), Tone::dim,
                 style) +
           "\n";
  }
  out += toned(diff_headline(diff), tone_of(diff.comparison.verdict), style) + "\n";
  if (const std::string worst = diff_worst(diff); !worst.empty()) out += toned(worst, Tone::bad, style) + "\n";
  for (const InputDifference& difference : diff.comparison.differences) {
    if (!difference.refused) continue;
    out += toned(fmt::format("refused: {}: {}", difference.key, difference.meaning), Tone::bad, style) + "\n";
  }
  for (const std::string& warning : diff.comparison.warnings) out += toned(warning, Tone::warn, style) + "\n";
  out += metrics_text(diff, style);
  out += claims_text(diff, style);
  out += stretches_text("Phases of the boot", diff, diff.phases, diff.phases_alike, style);
  out += stretches_text("Initcalls", diff, diff.initcalls, diff.initcalls_alike, style);
  out += texts_text("Configuration", diff, diff.options, 0, style);
  if (!diff.options_known) {
    out += "\n" +
           toned("Configuration: not held side by side, since one of them is not in the store", Tone::dim, style) +
           "\n";
  }
  std::vector<TextDifference> words;
  for (const std::string& word : diff.words_first) words.push_back({word, "has it", ""});
  for (const std::string& word : diff.words_second) words.push_back({word, "", "has it"});
  out += texts_text("Words of the command lines", diff, words, 0, style);
  out += texts_text("Provenance", diff, diff.provenance, diff.provenance_alike, style);
  return out;
}

}  // namespace aios
