// SPDX-License-Identifier: Apache-2.0
#include "reports/testing/example_report.h"

#include "harness/export/testing/example_run.h"

namespace aios::testing {

ConfigAudit example_audit() {
  ConfigAudit audit{.subject = "aios", .version = "6.12.43"};
  audit.rows = {{.option = "EXT4_FS",
                 .asked = "y",
                 .got = "y",
                 .document = "aiOS design",
                 .where = "document.config:12",
                 .comment = "the root"},
                {.option = "ZRAM",
                 .asked = "y",
                 .got = "n",
                 .document = "aiOS design",
                 .where = "document.config:40",
                 .verdict = AuditVerdict::not_in_effect,
                 .why = "depends on ZSMALLOC=y, which is n",
                 .alone = AuditVerdict::not_in_effect,
                 .got_alone = "n",
                 .why_alone = "depends on BLOCK=y, which is n"},
                {.option = "SLUB_CPU_PARTIAL", .asked = "n", .got = "n", .where = "choices.config:3"},
                {.option = "CRYPTO_OLD",
                 .asked = "y",
                 .document = "aiOS design",
                 .where = "document.config:77",
                 .verdict = AuditVerdict::no_longer_exists,
                 .why = "this version has no such option"},
                {.option = "DRM",
                 .asked = "n",
                 .got = "n",
                 .document = "aiOS design",
                 .where = "document.config:90",
                 .why = "the document also asks for y",
                 .contradicted = true,
                 .notes = {"enabled in section 2, disabled in section 5"}}};
  audit.notes = {{.document = "aiOS design", .text = "names two init paths"}};
  return audit;
}

ReportModel example_report() {
  ReportModel report = make_report({example_base(), example_run()}, example_claims(), "2026-11-20T18:06:00Z", "0.1.0");
  report.audits.push_back(example_audit());
  report.logs.push_back(
      log_tail(0, 0, "console", "[    0.000000] Linux version 6.12.43\n[    0.310000] Run /init as init process\n"));
  return report;
}

ReportModel hostile_report() {
  const std::string enemy = enemy_text();
  ReportModel report = make_report({hostile_run(), hostile_run()}, hostile_claims(), enemy, enemy);
  ConfigAudit audit{.subject = enemy, .version = enemy};
  audit.rows.push_back({.option = enemy,
                        .asked = enemy,
                        .got = enemy,
                        .document = enemy,
                        .where = enemy,
                        .comment = enemy,
                        .verdict = AuditVerdict::not_in_effect,
                        .why = enemy,
                        .contradicted = true,
                        .notes = {enemy},
                        .alone = AuditVerdict::overridden,
                        .got_alone = enemy,
                        .why_alone = enemy});
  audit.notes.push_back({.document = enemy, .options = {enemy}, .text = enemy});
  report.audits.push_back(audit);
  report.logs.push_back(log_tail(0, 2, enemy, enemy + "\n" + enemy));
  return report;
}

}  // namespace aios::testing
