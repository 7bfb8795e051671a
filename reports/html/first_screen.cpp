// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/support/text.h"
#include "reports/headline.h"
#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

void facts(Html& html, const RunRecord& run, std::string_view role) {
  html.open("div", {{"class", "subject"}}).element("p", role, {{"class", "kicker"}});
  html.element("h2", run.subject).open("dl", {{"class", "terms"}});
  term(html, "kernel", run.kernel_version);
  term(html, "machine", run.machine);
  html.open("div")
      .element("dt", "fidelity")
      .open("dd")
      .element("b", to_string(run.fidelity))
      .text(": ")
      .text(fidelity_meaning(run.fidelity))
      .close()
      .close();
  term(html, "boots", boots_text(run));
  term(html, "scenarios", join(run.scenarios, ", "));
  term(html, "taken", run.provenance.finished.empty() ? run.provenance.started : run.provenance.finished);
  html.open("div").element("dt", "outcome").open("dd");
  chip(html, outcome_text(run), tone_of_outcome(run));
  html.close().close().close().close();
}

}  // namespace

void findings(Html& html, const Headline& headline) {
  if (headline.findings.empty()) return;
  html.open("ul", {{"class", "findings"}});
  for (const Finding& finding : headline.findings) {
    html.open("li");
    chip(html, finding.verdict.text, finding.verdict.tone);
    html.text(" ").open("span", {{"class", "name"}});
    metric_name(html, finding.name);
    html.close().text(" ").open("span", {{"class", "by"}});
    if (!finding.by.empty()) html.element("b", finding.by).text(" ");
    if (finding.metric) {
      html.text(finding.measured).text(" ").element("span", finding.asked, {{"class", "asked"}}).close();
      html.text(" ").element("span", finding.why, {{"class", "why"}}).close();
      continue;
    }
    html.text(finding.promise).close().text(" ").open("span", {{"class", "why"}});
    if (!finding.measured.empty()) html.element("b", finding.measured).text("; ");
    if (!finding.why.empty()) html.text(finding.why).text("; ");
    html.text(finding.asked);
    html.close().close();
  }
  if (headline.findings_left_out > 0) {
    html.element("li", fmt::format("and {} more, below", headline.findings_left_out), {{"class", "note"}});
  }
  html.close();
}

Html first_screen(const ReportModel& report) {
  const Headline headline = headline_of(report);
  Html html;
  html.open("header", {{"class", "first"}}).open("p", {{"class", "kicker"}}).text("aios-bench report");
  if (!report.generated.empty()) html.text(" \xc2\xb7 ").element("span", report.generated);
  html.close();
  html.open("h1").text(headline.sentence).close();
  html.open("p", {{"class", "verdict"}});
  for (const Word& word : headline.verdicts) {
    chip(html, word.text, word.tone);
    html.text(" ");
  }
  html.close();

  if (!headline.figures.empty()) {
    html.open("ul", {{"class", "figures"}});
    for (const KeyFigure& key : headline.figures) {
      html.open("li").element("span", key.label, {{"class", "label"}});
      figure(html, key.value);
      html.element("span", key.beside, {{"class", "beside"}}).close();
    }
    html.close();
  }
  findings(html, headline);
  html.open("div", {{"class", "subjects"}});
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    facts(html, report.runs[i], i == 0 ? "Under test" : "Held against");
  }
  html.close().close();
  return html;
}

}  // namespace aios
