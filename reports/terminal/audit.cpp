// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/support/text.h"
#include "reports/terminal.h"
#include "reports/wording.h"

namespace aios {

std::string render_audit(const ConfigAudit& audit, const TextStyle& style, bool all) {
  TextTable table({{.title = "option", .flexible = true, .least = 28},
                   {.title = "asked", .flexible = true},
                   {.title = "got", .flexible = true},
                   {.title = "verdict"},
                   {.title = "asked by", .flexible = true},
                   {.title = "why", .flexible = true}});
  for (const AuditRow& row : audit.rows) {
    if (!all && row.verdict == AuditVerdict::in_effect && !row.contradicted) continue;
    std::string why = row.why;
    for (const std::string& note : row.notes) why += (why.empty() ? "" : "; ") + note;
    table.row({{row.option, Tone::strong},
               {row.asked},
               {row.got},
               {audit_word(row.verdict) + (row.contradicted ? ", contradicted" : ""), tone_of(row.verdict)},
               {row.document.empty() ? row.where : row.document, Tone::dim},
               {why}});
  }
  const AuditTotals totals = audit.totals();
  std::string out =
      fmt::format("{} of {} in effect", totals.in_effect, plural(static_cast<std::size_t>(totals.asked), "option"));
  if (totals.not_in_effect > 0) out += fmt::format(", {} not", totals.not_in_effect);
  if (totals.no_longer_exists > 0) out += fmt::format(", {} no longer in this version", totals.no_longer_exists);
  if (totals.overridden > 0) out += fmt::format(", {} overridden", totals.overridden);
  if (totals.contradicted > 0) out += fmt::format(", {} contradicted", totals.contradicted);
  out = toned(fmt::format("{} {}: {}", audit.subject, audit.version, out), Tone::plain, style) + "\n";
  if (!table.empty()) out += "\n" + table.render(style);
  for (const DocumentNote& note : audit.notes)
    out += "\n" + toned(note.document + ": " + note.text, Tone::plain, style) + "\n";
  return out;
}

}  // namespace aios
