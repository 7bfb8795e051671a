// SPDX-License-Identifier: Apache-2.0
// The config audit: each option that a document or a fragment asks for, asked against got, and why not. Nothing is
// dropped: an option that this version no longer has, that a later fragment overrides, or that the document contradicts
// itself about is a row that says so. For a document also: what would have come of its options alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/build/kconfig_fragment.h"
#include "harness/build/kconfig_query.h"
#include "harness/model/kernel.h"

namespace aios {

enum class AuditVerdict { in_effect, not_in_effect, no_longer_exists, overridden };
std::string_view to_string(AuditVerdict verdict);

struct AuditRow {
  std::string option, asked, got;
  std::string document;  // empty: a fragment of this project's own
  std::string where;     // file:line
  std::string comment;   // why it is asked for, in the words of the one who asks
  AuditVerdict verdict = AuditVerdict::in_effect;
  std::string why;                 // empty where it is in effect and there is nothing to say
  bool contradicted = false;       // the document says two things about it; `notes` says which
  std::vector<std::string> notes;  // what the manifest says about the option
  // A document's option merged on the base without this project's fragments.
  AuditVerdict alone = AuditVerdict::in_effect;
  std::string got_alone, why_alone;
};

struct AuditTotals {
  int asked = 0, in_effect = 0, not_in_effect = 0, no_longer_exists = 0, overridden = 0, contradicted = 0;
  int alone_not_in_effect = 0;
};

struct ConfigAudit {
  std::string subject, version;
  std::vector<AuditRow> rows;
  std::vector<DocumentNote> notes;  // about documents as a whole

  AuditTotals totals(std::string_view document) const;  // of one document's rows
  AuditTotals totals() const;                           // of all rows
};

// What the options came to: a .config's values and Kconfig's word on each.
struct ConfigOutcome {
  ConfigValues values;
  KconfigAnswers answers;
};

struct AuditedFragment {
  std::string document;
  std::vector<OptionRequest> requests;
};

// `alone` may be null. The fragments stand in the order of merging.
ConfigAudit audit_config(const Kernel& kernel, const std::vector<AuditedFragment>& fragments,
                         const ConfigOutcome& outcome, const ConfigOutcome* alone);

std::string audit_to_json(const ConfigAudit& audit);
Result<ConfigAudit> audit_from_json(std::string_view text, std::string_view where);

}  // namespace aios
