// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <set>

#include "harness/build/config_audit.h"
#include "harness/support/json_reads.h"

namespace aios {
namespace {

constexpr int kAuditFormat = 1;

OrderedJson totals_json(const AuditTotals& totals) {
  return {{"asked", totals.asked},
          {"in_effect", totals.in_effect},
          {"not_in_effect", totals.not_in_effect},
          {"no_longer_exists", totals.no_longer_exists},
          {"overridden", totals.overridden},
          {"contradicted", totals.contradicted}};
}

OrderedJson row_json(const AuditRow& row) {
  OrderedJson json{{"option", row.option}, {"asked", row.asked}, {"got", row.got}, {"verdict", to_string(row.verdict)}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
  };
  add("why", row.why);
  if (row.contradicted) json["contradicted"] = true;
  if (!row.notes.empty()) json["notes"] = row.notes;
  add("document", row.document);
  add("where", row.where);
  add("comment", row.comment);
  if (!row.got_alone.empty()) {
    json["alone"] = {{"got", row.got_alone}, {"verdict", to_string(row.alone)}};
    if (!row.why_alone.empty()) json["alone"]["why"] = row.why_alone;
  }
  return json;
}

AuditVerdict verdict_of(const std::string& text) {
  for (const auto verdict : {AuditVerdict::in_effect, AuditVerdict::no_longer_exists, AuditVerdict::overridden}) {
    if (text == to_string(verdict)) return verdict;
  }
  return AuditVerdict::not_in_effect;
}

AuditRow row_of(const Json& json) {
  AuditRow row{.option = string_or(json, "option"),
               .asked = string_or(json, "asked"),
               .got = string_or(json, "got"),
               .document = string_or(json, "document"),
               .where = string_or(json, "where"),
               .comment = string_or(json, "comment"),
               .verdict = verdict_of(string_or(json, "verdict")),
               .why = string_or(json, "why"),
               .contradicted = flag(json, "contradicted"),
               .notes = strings_of(json, "notes")};
  if (const auto alone = json.find("alone"); alone != json.end() && alone->is_object()) {
    row.alone = verdict_of(string_or(*alone, "verdict"));
    row.got_alone = string_or(*alone, "got");
    row.why_alone = string_or(*alone, "why");
  }
  return row;
}

const Json& array_at(const Json& object, const char* key) {
  static const Json kNone = Json::array();
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : kNone;
}

}  // namespace

std::string audit_to_json(const ConfigAudit& audit) {
  OrderedJson json{{"format", kAuditFormat},
                   {"subject", audit.subject},
                   {"version", audit.version},
                   {"totals", totals_json(audit.totals())}};
  std::set<std::string> documents;
  for (const auto& row : audit.rows) {
    if (!row.document.empty()) documents.insert(row.document);
  }
  json["documents"] = OrderedJson::array();
  for (const auto& name : documents) {
    const AuditTotals totals = audit.totals(name);
    OrderedJson entry = totals_json(totals);
    entry["name"] = name;
    entry["alone_not_in_effect"] = totals.alone_not_in_effect;
    json["documents"].push_back(std::move(entry));
  }
  json["notes"] = OrderedJson::array();
  for (const auto& note : audit.notes) {
    json["notes"].push_back({{"document", note.document}, {"text", note.text}, {"contradiction", note.contradiction}});
  }
  json["rows"] = OrderedJson::array();
  for (const auto& row : audit.rows) json["rows"].push_back(row_json(row));
  return dump_json(json, 1) + "\n";
}

Result<ConfigAudit> audit_from_json(std::string_view text, std::string_view where) {
  const Json json = TRY(parse_json(text, where));
  if (number_or(json, "format", 0) != kAuditFormat) {
    return config_error("the config audit is of another version", std::string(where), "build the kernel again");
  }
  ConfigAudit audit{
      .subject = string_or(json, "subject"), .version = string_or(json, "version"), .rows = {}, .notes = {}};
  for (const auto& note : array_at(json, "notes")) {
    audit.notes.push_back({string_or(note, "document"), {}, string_or(note, "text"), flag(note, "contradiction")});
  }
  for (const auto& row : array_at(json, "rows")) audit.rows.push_back(row_of(row));
  return audit;
}

}  // namespace aios
