// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/support/text.h"
#include "reports/html/chart_library.h"
#include "reports/html/markup.h"
#include "reports/html/page_script.h"
#include "reports/html/parts.h"
#include "reports/site.h"
#include "reports/template.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kMostChanges = 2000;  // in the table; the charts show all

Tone tone_of_word(const std::string& word) {
  if (word == "complete" || word == "pass" || word == "better") return Tone::good;
  if (word == "failed" || word == "fail" || word == "worse") return Tone::bad;
  return word == "changed" ? Tone::dim : Tone::warn;
}

void chip_cell(Html& html, const std::string& word) {
  html.open("td");
  if (!word.empty()) chip(html, word, tone_of_word(word));
  html.close();
}

// "2026-11-20T18:05:00Z" -> "2026-11-20 18:05"
std::string short_time(std::string text) {
  if (text.size() < 17 || text[10] != 'T') return text;
  text[10] = ' ';
  return text.substr(0, 16);
}

void run_row(Html& html, const SiteRun& run) {
  // What is searched and chosen by; a page without scripts simply shows all.
  html.open("tr", {{"data-run", run.id},
                   {"data-kernel", printable(run.kernel)},
                   {"data-machine", printable(run.machine)},
                   {"data-label", printable(run.label)},
                   {"data-outcome", printable(run.outcome)}});
  html.open("th", {{"scope", "row"}});
  if (run.page) {
    html.element("a", run.id, {{"href", site_page_of(run.id)}});
  } else {
    html.element("code", run.id);
  }
  html.element("span", run.sentence, {{"class", "what"}}).close();
  html.element("td", short_time(run.started), {{"class", "when"}});
  html.open("td").element("b", run.subject);
  if (!run.kernel_version.empty()) html.element("span", run.kernel_version, {{"class", "what"}});
  html.close();
  html.open("td").text(run.machine).element("span", fmt::format("{}, {}", run.mode, run.fidelity), {{"class", "what"}});
  html.close();
  text_cell(html, run.label);
  chip_cell(html, run.outcome);
  chip_cell(html, run.verdict);
  number_cell(html, group_digits(run.boots));
  number_cell(html, group_digits(run.samples));
  html.close().newline();
}

std::string site_page(std::string_view page, std::string_view title, std::string_view lead, const Html& body,
                      const std::string& script, const std::string& files, const std::string& harness_version) {
  Html contents;
  for (const auto& [address, name] : {std::pair("index.html", "All runs"), {"metrics.html", "Metrics over time"}}) {
    contents.open("li");
    if (page == address) {
      contents.element("a", name, {{"href", address}, {"aria-current", "page"}});
    } else {
      contents.element("a", name, {{"href", address}});
    }
    contents.close();
  }
  return fill_template(
      report_template("site.html"),
      {{"title", html_text(fmt::format("{} \xc2\xb7 aios-bench", title))},
       {"heading", html_text(title)},
       {"lead", html_text(lead)},
       {"scripts", script_source(script) + " " + kScriptsBeside},
       {"style", std::string(report_template("report.css")) + std::string(report_template("site.css"))},
       {"dark", std::string(report_template("dark.css"))},
       {"contents", contents.str()},
       {"body", body.str()},
       {"version", html_text(harness_version)},
       {"files", files},
       {"script", script}});
}

void changes_table(Html& html, const std::vector<TrendSeries>& series, const std::set<std::string>& pages) {
  std::vector<std::pair<const TrendSeries*, const TrendPoint*>> points;
  for (const TrendSeries& one : series) {
    for (const TrendPoint& point : one.points) points.emplace_back(&one, &point);
  }
  if (points.empty()) return;
  std::stable_sort(points.begin(), points.end(),
                   [](const auto& a, const auto& b) { return a.second->started > b.second->started; });
  html.open("section").element("h2", "Where a level changed");
  begin_table(
      html, "The newest first",
      {{"Metric"}, {"Of"}, {"Change"}, {"Before", true}, {"After", true}, {"First run of it"}, {"Changed with it"}});
  for (std::size_t i = 0; i < std::min(points.size(), kMostChanges); ++i) {
    const auto& [one, point] = points[i];
    html.open("tr", {{"data-metric", printable(one->metric)}}).open("th", {{"scope", "row"}});
    metric_name(html, one->metric);
    html.close();
    text_cell(html, fmt::format("{} on {}", one->name, one->machine));
    chip_cell(html, point->direction);
    number_cell(html, format_value(point->before, one->unit));
    number_cell(html, format_value(point->after, one->unit));
    html.open("td");
    if (pages.contains(point->run)) {
      html.element("a", point->run, {{"href", site_page_of(point->run)}});
    } else {
      html.element("code", point->run);
    }
    if (!point->label.empty()) html.text(" ").text(point->label);
    html.close();
    text_cell(html, join(point->inputs_changed, ", "));
    html.close().newline();
  }
  end_table(html);
  if (points.size() > kMostChanges) {
    html.element("p", fmt::format("and {} older ones", points.size() - kMostChanges), {{"class", "note"}});
  }
  html.close();
}

}  // namespace

std::string render_site_index(const std::vector<SiteRun>& runs, const std::string& harness_version) {
  Html body;
  body.open("div", {{"id", "filter"}, {"class", "panelbar"}, {"role", "search"}, {"hidden", ""}}).close();
  body.element("p", "", {{"id", "found"}, {"class", "note"}, {"aria-live", "polite"}});
  begin_table(body, "All runs, the newest first",
              {{"Run"},
               {"Started"},
               {"Subject"},
               {"Machine"},
               {"Label"},
               {"Outcome"},
               {"Gate"},
               {"Boots", true},
               {"Samples", true}});
  for (const SiteRun& run : runs) run_row(body, run);
  end_table(body);
  if (runs.empty()) body.element("p", "There is no run in this store yet; aios-bench run debian makes one.");
  std::set<std::string> kernels;
  for (const SiteRun& run : runs) kernels.insert(run.kernel);
  const std::string lead = fmt::format("{} of {}", plural(runs.size(), "run"), plural(kernels.size(), "kernel"));
  return site_page("index.html", "All runs", lead, body, page_script({"dom.js", "theme.js", "site_index.js"}), "",
                   harness_version);
}

std::string render_site_metrics(const std::vector<TrendSeries>& series, const std::vector<SiteRun>& runs,
                                const std::string& harness_version) {
  std::set<std::string> pages;
  for (const SiteRun& run : runs) {
    if (run.page) pages.insert(run.id);
  }
  std::size_t points = 0;
  for (const TrendSeries& one : series) points += one.points.size();
  Html body;
  body.open("div", {{"id", "filter"}, {"class", "panelbar"}, {"role", "search"}, {"hidden", ""}}).close();
  body.element("p", "", {{"id", "found"}, {"class", "note"}, {"aria-live", "polite"}});
  body.open("div", {{"id", "cards"}, {"class", "cards"}}).close();
  changes_table(body, series, pages);
  const std::string lead =
      fmt::format("{}, {}. Dashed: where the judge found another level.", plural(series.size(), "series", "series"),
                  points == 0 ? "no level changed" : plural(points, "change of a level", "changes of a level"));
  return site_page("metrics.html", "Metrics over time", lead, body,
                   page_script({"dom.js", "units.js", "library.js", "theme.js", "charts.js", "site_metrics.js"}),
                   script_beside(site_library_file()) + script_beside(kSiteHistoryFile), harness_version);
}

}  // namespace aios
