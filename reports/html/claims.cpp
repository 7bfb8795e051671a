// SPDX-License-Identifier: Apache-2.0
#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {

Section claims_section(const ReportModel& report) {
  Section section{"claims", "Claims", {}};
  if (report.claims.empty()) return section;
  Html& html = section.body;
  html.element("p", "What the kernel's design documents promise, held against what was measured. No run, no verdict.",
               {{"class", "lead"}});
  begin_table(html, "Claims ledger",
              {{"Claim"}, {"Verdict"}, {"Measured", true}, {"Target"}, {"Fidelity"}, {"Reason"}});
  for (const ClaimVerdict& row : report.claims) {
    html.open("tr").open("th", {{"scope", "row"}});
    html.element("code", row.claim.id).text(" ").open("span", {{"class", "what"}}).text(row.claim.text);
    if (!row.claim.source.empty()) html.text(" ").element("small", row.claim.source);
    html.close().close().open("td");
    chip(html, to_string(row.verdict), tone_of(row.verdict));
    html.close();
    number_cell(html, row.value ? format_value(*row.value, row.unit) : "");
    html.open("td").element("code", row.target_text).close();
    text_cell(html, row.fidelity ? to_string(*row.fidelity) : "");
    std::string reason = row.reason;
    if (!row.claim.machine_file.empty())
      reason += (reason.empty() ? "judged by " : "; judged by ") + row.claim.machine_file;
    text_cell(html, reason);
    html.close();
  }
  end_table(html);
  return section;
}

}  // namespace aios
