// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/diff.h"
#include "reports/html/markup.h"
#include "reports/html/parts.h"
#include "reports/template.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kRowsOnPage = 3000;  // of a section; two distributions' configurations differ in as many options
constexpr std::size_t kOpenRows = 40;      // longer tables are folded

// One section: a heading, how much is alike, a table that is folded where it is long.
void begin_part(Html& html, std::string_view title, std::size_t differ, std::size_t same) {
  html.open("section").element("h2", fmt::format("{}: {} differ", title, differ));
  if (same > 0) html.element("p", fmt::format("{} do not", same), {{"class", "note"}});
  if (differ > kOpenRows) html.open("details").element("summary", fmt::format("All {}", differ));
}

void end_part(Html& html, std::size_t differ) {
  if (differ > kRowsOnPage) {
    html.element("p", fmt::format("and {} more: the JSON has all", differ - kRowsOnPage), {{"class", "note"}});
  }
  if (differ > kOpenRows) html.close();
  html.close();
}

void metrics_part(Html& html, const RunDiff& diff) {
  begin_part(html, "Metrics", diff.metrics.size(), diff.metrics_alike);
  begin_table(html, "Metrics that differ, the largest difference first",
              {{"metric"},
               {diff.first.name, true},
               {diff.second.name, true},
               {"ratio", true},
               {"difference", true},
               {"verdict"},
               {"why"}});
  for (std::size_t i = 0; i < std::min(diff.metrics.size(), kRowsOnPage); ++i) {
    const ComparisonRow& row = diff.metrics[i];
    html.open("tr").open("td");
    metric_name(html, row.metric);
    html.close();
    number_cell(html, row.first ? format_value(*row.first, row.unit) : "");
    number_cell(html, row.second ? format_value(*row.second, row.unit) : "");
    number_cell(html, ratio_text(row));
    number_cell(html, difference_text(row));
    html.open("td");
    chip(html, to_string(row.change), tone_of(row.change));
    html.close();
    std::string why = row.reason;
    if (const std::string classes = classes_text(row); !classes.empty()) why += (why.empty() ? "" : "; ") + classes;
    text_cell(html, why);
    html.close();
  }
  end_table(html);
  end_part(html, diff.metrics.size());
}

void claims_part(Html& html, const RunDiff& diff) {
  begin_part(html, "Claims", diff.claims.size(), diff.claims_alike);
  begin_table(html, "Claims that are judged otherwise on the two runs",
              {{"claim"}, {diff.first.name}, {diff.second.name}, {"target"}, {"promise"}});
  for (const ClaimDifference& entry : diff.claims) {
    html.open("tr");
    text_cell(html, entry.first.claim.kernel + " " + entry.first.claim.id);
    for (const ClaimVerdict* side : {&entry.first, &entry.second}) {
      html.open("td");
      chip(html, to_string(side->verdict), tone_of(side->verdict));
      if (side->value) html.text(" " + format_value(*side->value, side->unit));
      html.close();
    }
    text_cell(html, entry.first.target_text);
    text_cell(html, entry.first.claim.text);
    html.close();
  }
  end_table(html);
  end_part(html, diff.claims.size());
}

void stretches_part(Html& html, std::string_view title, const RunDiff& diff,
                    const std::vector<StretchDifference>& stretches, std::size_t same) {
  if (stretches.empty()) return;
  begin_part(html, title, stretches.size(), same);
  begin_table(html, fmt::format("{} that differ, in instructions", title),
              {{"name"}, {diff.first.name, true}, {diff.second.name, true}, {"difference", true}});
  const auto value = [](const std::optional<std::int64_t>& count) {
    return count ? format_value(static_cast<double>(*count), Unit::instructions) : std::string();
  };
  for (std::size_t i = 0; i < std::min(stretches.size(), kRowsOnPage); ++i) {
    html.open("tr");
    text_cell(html, stretches[i].name);
    number_cell(html, value(stretches[i].first));
    number_cell(html, value(stretches[i].second));
    text_cell(html, stretch_text(stretches[i]));
    html.close();
  }
  end_table(html);
  end_part(html, stretches.size());
}

void texts_part(Html& html, std::string_view title, const RunDiff& diff, const std::vector<TextDifference>& rows,
                std::size_t same) {
  if (rows.empty()) return;
  begin_part(html, title, rows.size(), same);
  begin_table(html, fmt::format("{}: what differs", title), {{"name"}, {diff.first.name}, {diff.second.name}});
  for (std::size_t i = 0; i < std::min(rows.size(), kRowsOnPage); ++i) {
    html.open("tr");
    text_cell(html, rows[i].name);
    for (const std::string* side : {&rows[i].first, &rows[i].second})
      text_cell(html, side->empty() ? "\xe2\x80\x93" : *side);
    html.close();
  }
  end_table(html);
  end_part(html, rows.size());
}

}  // namespace

std::string render_diff_html(const RunDiff& diff) {
  Html body;
  const std::string title = diff.second.name + " beside " + diff.first.name;
  body.element("h1", title).open("p", {{"class", "lead"}});
  chip(body, verdict_word(diff.comparison), tone_of(diff.comparison.verdict));
  body.text(" " + diff_headline(diff)).close();
  if (const std::string worst = diff_worst(diff); !worst.empty()) body.open("p").element("strong", worst).close();
  for (const DiffSide* side : {&diff.first, &diff.second}) {
    body.element(
        "p", fmt::format("{}: {}; run {}, {}, {}", side->name, side->title, side->run, side->started, side->outcome),
        {{"class", "note"}});
  }
  for (const InputDifference& difference : diff.comparison.differences) {
    body.element("p",
                 fmt::format("{}: {} and {}{}: {}", difference.key, difference.first, difference.second,
                             difference.refused ? " (refused)" : "", difference.meaning),
                 {{"class", "note"}});
  }
  for (const std::string& warning : diff.comparison.warnings) body.element("p", warning, {{"class", "note"}});
  if (!diff.metrics.empty()) metrics_part(body, diff);
  if (!diff.claims.empty()) claims_part(body, diff);
  stretches_part(body, "Phases of the boot", diff, diff.phases, diff.phases_alike);
  stretches_part(body, "Initcalls", diff, diff.initcalls, diff.initcalls_alike);
  texts_part(body, "Configuration", diff, diff.options, 0);
  if (!diff.options_known) {
    body.element("p", "The configurations are not held side by side: one of them is not in the store.",
                 {{"class", "note"}});
  }
  std::vector<TextDifference> words;
  for (const std::string& word : diff.words_first) words.push_back({word, "has it", ""});
  for (const std::string& word : diff.words_second) words.push_back({word, "", "has it"});
  texts_part(body, "Words of the command lines", diff, words, 0);
  texts_part(body, "Provenance", diff, diff.provenance, diff.provenance_alike);
  return fill_template(report_template("plain.html"), {{"title", html_text(title + " \xc2\xb7 aios-bench")},
                                                       {"style", std::string(report_template("report.css"))},
                                                       {"dark", std::string(report_template("dark.css"))},
                                                       {"body", body.str()}});
}

}  // namespace aios
