// SPDX-License-Identifier: Apache-2.0
#include "harness/build/config_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/support/text.h"

namespace aios {
namespace {

std::string needs(const KconfigAnswer& answer) {
  const std::string direct = join(answer.missing, " and ");
  if (answer.missing == answer.root_causes || answer.root_causes.empty()) return fmt::format("needs {}", direct);
  return fmt::format("needs {}, which in the end needs {}", direct, join(answer.root_causes, " and "));
}

std::string why_not(const OptionRequest& request, const std::string& got, const ConfigOutcome& outcome) {
  const auto found = outcome.answers.find(request.name);
  if (found == outcome.answers.end()) return "Kconfig gave no reason";
  const KconfigAnswer& answer = found->second;
  if (!answer.exists) return "this kernel version has no such option";
  if (request.value == "n") {
    if (!answer.selected_by.empty()) return fmt::format("forced on by {}", join(answer.selected_by, ", "));
    if (!answer.has_prompt) return "nobody can set it: it follows from other options";
    return answer.chosen_instead.empty() ? "its default is on" : "one of its choice must be on";
  }
  if (!answer.missing.empty()) return needs(answer);
  if (request.value == "m" && got == "y") {
    if (config_value(outcome.values, "MODULES") == "n") return "needs MODULES: without modules it is built in";
    return answer.selected_by.empty() ? "it cannot be a module"
                                      : fmt::format("built in because of {}", join(answer.selected_by, ", "));
  }
  if (!answer.chosen_instead.empty()) return fmt::format("{} is chosen instead", answer.chosen_instead);
  if (!answer.has_prompt) return "nobody can set it: it follows from other options";
  return "the value is outside of what Kconfig allows";
}

struct Judged {
  AuditVerdict verdict;
  std::string got, why;
};

Judged judge(const OptionRequest& request, const ConfigOutcome& outcome) {
  std::string got = config_value(outcome.values, request.name);
  const auto answer = outcome.answers.find(request.name);
  const bool gone = answer != outcome.answers.end() && !answer->second.exists;
  if (gone) {
    return {AuditVerdict::no_longer_exists, std::move(got),
            request.value == "n" ? "this kernel version has no such option, so it is off"
                                 : "this kernel version has no such option"};
  }
  if (got == request.value) return {AuditVerdict::in_effect, std::move(got), {}};
  std::string why = why_not(request, got, outcome);
  return {AuditVerdict::not_in_effect, std::move(got), std::move(why)};
}

void add_notes(const Kernel& kernel, AuditRow& row) {
  for (const auto& note : kernel.notes) {
    if (note.document != row.document ||
        std::find(note.options.begin(), note.options.end(), row.option) == note.options.end()) {
      continue;
    }
    row.notes.push_back(note.text);
    row.contradicted = row.contradicted || note.contradiction;
  }
}

void count(const AuditRow& row, AuditTotals& totals) {
  ++totals.asked;
  switch (row.verdict) {
    case AuditVerdict::in_effect:
      ++totals.in_effect;
      break;
    case AuditVerdict::not_in_effect:
      ++totals.not_in_effect;
      break;
    case AuditVerdict::no_longer_exists:
      ++totals.no_longer_exists;
      break;
    case AuditVerdict::overridden:
      ++totals.overridden;
      break;
  }
  if (row.contradicted) ++totals.contradicted;
  if (row.alone == AuditVerdict::not_in_effect) ++totals.alone_not_in_effect;
}

// The last request of all for this option, if it asks for something else.
const OptionRequest* overriding(const std::vector<AuditedFragment>& fragments, const OptionRequest& request) {
  const OptionRequest* last = nullptr;
  for (const auto& fragment : fragments) {
    for (const auto& other : fragment.requests) {
      if (other.name == request.name) last = &other;
    }
  }
  return last != nullptr && last->value != request.value ? last : nullptr;
}

}  // namespace

std::string_view to_string(AuditVerdict verdict) {
  switch (verdict) {
    case AuditVerdict::in_effect:
      return "in_effect";
    case AuditVerdict::not_in_effect:
      return "not_in_effect";
    case AuditVerdict::no_longer_exists:
      return "no_longer_exists";
    case AuditVerdict::overridden:
      return "overridden";
  }
  return "?";
}

AuditTotals ConfigAudit::totals(std::string_view document) const {
  AuditTotals totals;
  for (const auto& row : rows) {
    if (row.document == document) count(row, totals);
  }
  return totals;
}

AuditTotals ConfigAudit::totals() const {
  AuditTotals totals;
  for (const auto& row : rows) count(row, totals);
  return totals;
}

ConfigAudit audit_config(const Kernel& kernel, const std::vector<AuditedFragment>& fragments,
                         const ConfigOutcome& outcome, const ConfigOutcome* alone) {
  ConfigAudit audit;
  for (const auto& note : kernel.notes) {
    if (note.options.empty()) audit.notes.push_back(note);
  }
  for (const auto& fragment : fragments) {
    std::set<std::pair<std::string, std::string>> seen;  // a document may list an option twice
    for (const auto& request : fragment.requests) {
      if (!seen.emplace(request.name, request.value).second) continue;
      AuditRow row{.option = request.name,
                   .asked = request.value,
                   .document = fragment.document,
                   .where = fmt::format("{}:{}", request.file, request.line),
                   .comment = request.reason};
      Judged judged = judge(request, outcome);
      if (judged.verdict == AuditVerdict::not_in_effect) {
        const OptionRequest* other = overriding(fragments, request);
        if (other != nullptr && judged.got == other->value) {
          judged.verdict = AuditVerdict::overridden;
          judged.why = fmt::format("{}:{} asks for {}={}{}{}", other->file, other->line, other->name, other->value,
                                   other->reason.empty() ? "" : ": ", other->reason);
        }
      }
      row.verdict = judged.verdict;
      row.got = std::move(judged.got);
      row.why = std::move(judged.why);
      if (alone != nullptr && !fragment.document.empty()) {
        Judged by_itself = judge(request, *alone);
        row.alone = by_itself.verdict;
        row.got_alone = std::move(by_itself.got);
        row.why_alone = std::move(by_itself.why);
      }
      add_notes(kernel, row);
      audit.rows.push_back(std::move(row));
    }
  }
  return audit;
}

}  // namespace aios
