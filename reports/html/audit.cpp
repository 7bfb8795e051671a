// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

void rows_table(Html& html, const ConfigAudit& audit, bool as_asked) {
  begin_table(html, as_asked ? "Options that are as asked" : "Options that are not as asked, or contradicted",
              {{"Option"}, {"Asked"}, {"Got"}, {"Verdict"}, {"Asked by"}, {"Why"}, {"With the document alone"}});
  for (const AuditRow& row : audit.rows) {
    if ((row.verdict == AuditVerdict::in_effect && !row.contradicted) != as_asked) continue;
    html.open("tr").open("th", {{"scope", "row"}}).element("code", row.option).close();
    html.open("td").element("code", row.asked).close().open("td").element("code", row.got).close().open("td");
    chip(html, audit_word(row.verdict), tone_of(row.verdict));
    if (row.contradicted) {
      html.text(" ");
      chip(html, "contradicted", Tone::warn);
    }
    html.close();
    text_cell(html, row.document.empty() ? row.where : row.document);
    std::string why = row.why.empty() ? row.comment : row.why;
    for (const std::string& note : row.notes) why += (why.empty() ? "" : "; ") + note;
    text_cell(html, why);
    const bool lost_alone = !row.document.empty() && row.alone != AuditVerdict::in_effect;
    text_cell(html, lost_alone
                        ? fmt::format("{}{}{}", audit_word(row.alone), row.why_alone.empty() ? "" : ": ", row.why_alone)
                        : "");
    html.close();
  }
  end_table(html);
}

}  // namespace

Section audit_section(const ReportModel& report) {
  Section section{"config", "Configuration audit", {}};
  Html& html = section.body;
  for (const ConfigAudit& audit : report.audits) {
    const AuditTotals totals = audit.totals();
    html.element("h3", fmt::format("{} {}", audit.subject, audit.version)).open("p", {{"class", "lead"}});
    html.text(fmt::format("{} of {} asked for are in effect", totals.in_effect,
                          plural(static_cast<std::size_t>(totals.asked), "option")));
    const auto also = [&](int count, std::string_view what) {
      if (count > 0) html.text(fmt::format("; {}: {}", what, count));
    };
    also(totals.not_in_effect, "not in effect");
    also(totals.no_longer_exists, "no longer in this version");
    also(totals.overridden, "overridden");
    also(totals.contradicted, "contradicted by the document itself");
    html.text(".");
    if (totals.alone_not_in_effect > 0) {
      html.text(fmt::format(" Of the document's options, merged without the others, not in effect: {}.",
                            totals.alone_not_in_effect));
    }
    html.close();
    if (totals.in_effect < totals.asked || totals.contradicted > 0) rows_table(html, audit, false);
    html.open("details").element("summary", "Options that are as asked");
    rows_table(html, audit, true);
    html.close();
    if (audit.notes.empty()) continue;
    html.open("ul");
    for (const DocumentNote& note : audit.notes)
      html.open("li").element("b", note.document).text(" ").text(note.text).close();
    html.close();
  }
  return section;
}

}  // namespace aios
