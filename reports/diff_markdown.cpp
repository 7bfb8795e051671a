// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "reports/diff.h"
#include "reports/markdown.h"
#include "reports/markdown_note.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kMetricsInSight = 8;

std::string table_head(const RunDiff& diff, std::string_view what, std::string_view rest, std::string_view rule) {
  return fmt::format("| {} | {} | {} |{}\n| --- | {} |\n", what, markdown_code(diff.first.name),
                     markdown_code(diff.second.name), rest, rule);
}

std::string metric_lines(const RunDiff& diff, std::size_t from, std::size_t to) {
  if (from >= to) return {};
  std::string out = table_head(diff, "metric", " ratio | difference | |", "---: | ---: | ---: | ---: | ---");
  for (std::size_t i = from; i < to; ++i) {
    const ComparisonRow& row = diff.metrics[i];
    const auto value = [&](const std::optional<double>& of_side) {
      return of_side ? markdown_text(format_value(*of_side, row.unit)) : std::string();
    };
    std::string remark(to_string(row.change));
    if (!row.reason.empty()) remark += ": " + row.reason;
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_code(row.metric), value(row.first),
                       value(row.second), ratio_text(row), difference_text(row), markdown_text(remark));
  }
  return out + "\n";
}

std::string claim_lines(const RunDiff& diff) {
  if (diff.claims.empty()) return {};
  std::string out = table_head(diff, "claim", "", "--- | ---");
  for (const ClaimDifference& entry : diff.claims) {
    out += fmt::format("| {} {} | {} | {} |\n", markdown_code(entry.first.claim.kernel + " " + entry.first.claim.id),
                       markdown_text(entry.first.claim.text), markdown_text(claim_side_text(entry.first)),
                       markdown_text(claim_side_text(entry.second)));
  }
  return out;
}

std::string stretch_lines(const RunDiff& diff, const std::vector<StretchDifference>& stretches) {
  if (stretches.empty()) return {};
  std::string out = table_head(diff, "", " difference |", "---: | ---: | ---:");
  const auto value = [](const std::optional<std::int64_t>& count) {
    return count ? format_value(static_cast<double>(*count), Unit::instructions) : std::string();
  };
  for (const StretchDifference& stretch : stretches) {
    out += fmt::format("| {} | {} | {} | {} |\n", markdown_text(stretch.name), value(stretch.first),
                       value(stretch.second), stretch_text(stretch));
  }
  return out;
}

std::string text_lines(const RunDiff& diff, const std::vector<TextDifference>& rows) {
  if (rows.empty()) return {};
  std::string out = table_head(diff, "", "", "--- | ---");
  for (const TextDifference& row : rows) {
    out +=
        fmt::format("| {} | {} | {} |\n", markdown_code(row.name), markdown_code(row.first), markdown_code(row.second));
  }
  return out;
}

std::string word_lines(const RunDiff& diff) {
  std::string out;
  for (const auto& [side, words] : {std::pair(&diff.first, &diff.words_first), {&diff.second, &diff.words_second}}) {
    for (const std::string& word : *words) {
      out += fmt::format("- only {}: {}\n", markdown_code(side->name), markdown_code(word));
    }
  }
  return out;
}

std::string differ(std::string_view what, std::size_t count) { return fmt::format("{}: {} differ", what, count); }

}  // namespace

std::string render_diff_markdown(const RunDiff& diff) {
  MarkdownNote note;
  note.text(fmt::format("### {} beside {}: {}\n\n", markdown_code(diff.second.name), markdown_code(diff.first.name),
                        verdict_word(diff.comparison)));
  note.text(markdown_text(diff_headline(diff)) + ".\n\n");
  if (const std::string worst = diff_worst(diff); !worst.empty()) note.text("**" + markdown_text(worst) + "**\n\n");
  for (const std::string& warning : diff.comparison.warnings) note.text("- " + markdown_text(warning) + "\n");
  if (!diff.comparison.warnings.empty()) note.text("\n");
  const std::size_t in_sight = std::min(diff.metrics.size(), kMetricsInSight);
  note.text(metric_lines(diff, 0, in_sight));
  note.fold(fmt::format("{} more metrics", diff.metrics.size() - in_sight),
            metric_lines(diff, in_sight, diff.metrics.size()));
  note.fold(differ("Claims", diff.claims.size()), claim_lines(diff));
  note.fold(differ("Phases of the boot", diff.phases.size()), stretch_lines(diff, diff.phases));
  note.fold(differ("Initcalls", diff.initcalls.size()), stretch_lines(diff, diff.initcalls));
  note.fold(differ("Configuration", diff.options.size()), text_lines(diff, diff.options));
  note.fold(differ("Words of the command lines", diff.words_first.size() + diff.words_second.size()), word_lines(diff));
  note.fold(differ("Provenance", diff.provenance.size()), text_lines(diff, diff.provenance));
  return note.str();
}

}  // namespace aios
