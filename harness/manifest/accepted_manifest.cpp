// SPDX-License-Identifier: Apache-2.0
// The file of accepted changes: written by `gate accept`, committed with the code, read by every gate.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>

#include "harness/manifest/gate_policy_manifest.h"
#include "harness/manifest/toml_reader.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::uint64_t kMaxAccepted = 4U << 20;
constexpr std::string_view kTitle =
    "# Changes for the worse that were taken on, each up to a level, for a reason, until a day: aios-bench gate "
    "accept.\n";

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\t' ? ' ' : c;
  }
  return out + "\"";
}

std::string entry_of(const AcceptedChange& change) {
  std::string out = "\n[[accepted]]\n";
  const auto line = [&](const char* key, std::string_view value) {
    out += fmt::format("{} = {}\n", key, quoted(value));
  };
  line("metric", change.metric);
  line("kernel", change.kernel);
  line("machine", change.machine);
  out += fmt::format("value = {}\n", change.value == std::floor(change.value) && std::fabs(change.value) < 1e15
                                         ? fmt::format("{:.0f}", change.value)
                                         : fmt::format("{}", change.value));
  line("unit", to_string(change.unit));
  line("reason", change.reason);
  line("run", change.run);
  line("accepted", change.accepted);
  line("expires", change.expires);
  return out;
}

Result<AcceptedChange> read_entry(TomlTable& table) {
  AcceptedChange change;
  change.metric = TRY(table.string("metric"));
  change.kernel = TRY(table.string("kernel"));
  change.machine = TRY(table.string("machine"));
  change.value = TRY(table.number("value"));
  if (!std::isfinite(change.value)) return table.error("value", "this is no figure");
  auto unit = parse_unit(TRY(table.string("unit")));
  if (!unit.ok()) return table.error("unit", unit.error().what, unit.error().hint);
  change.unit = *unit;
  change.reason = TRY(table.string("reason"));
  if (trim(change.reason).empty()) return table.error("reason", "a change is accepted for a reason, and this is none");
  change.run = TRY(table.string_or("run", ""));
  change.accepted = TRY(table.string_or("accepted", ""));
  change.expires = TRY(table.string("expires"));
  const Status date = check_date(change.expires);
  if (!date.ok()) return table.error("expires", date.error().what, date.error().hint);
  TRY(table.done());
  return change;
}

bool same_place(const AcceptedChange& a, const AcceptedChange& b) {
  return a.metric == b.metric && a.kernel == b.kernel && a.machine == b.machine;
}

}  // namespace

Status check_date(std::string_view text) {
  const Error wrong = config_error(fmt::format("'{}' is no date", text), {}, "YYYY-MM-DD, for example 2027-01-31");
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return wrong;
  int parts[3] = {0, 0, 0};
  int part = 0;
  for (const char c : text) {
    if (c == '-') {
      ++part;
    } else if (std::isdigit(static_cast<unsigned char>(c)) == 0 || part > 2) {
      return wrong;
    } else {
      parts[part] = parts[part] * 10 + (c - '0');
    }
  }
  const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                        std::chrono::month(static_cast<unsigned>(parts[1])),
                                        std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (!day.ok()) return wrong;
  return {};
}

Result<std::vector<AcceptedChange>> read_accepted(const fs::path& file) {
  std::error_code code;
  std::vector<AcceptedChange> out;
  if (file.empty() || !fs::exists(file, code)) return out;
  const TomlFile document = TRY(TomlFile::parse(TRY(read_file(file, kMaxAccepted)), file));
  TomlTable root = document.root();
  for (TomlTable& table : TRY(root.tables_or_none("accepted"))) out.push_back(TRY(read_entry(table)));
  TRY(root.done());
  return out;
}

Status write_accepted(const fs::path& file, const AcceptedChange& change) {
  std::vector<AcceptedChange> known = TRY(read_accepted(file));
  std::error_code code;
  std::string text(kTitle);
  const auto replaced =
      std::find_if(known.begin(), known.end(), [&](const AcceptedChange& other) { return same_place(other, change); });
  if (replaced != known.end()) {
    *replaced = change;
    for (const AcceptedChange& entry : known) text += entry_of(entry);
  } else {
    // What people wrote between the entries stays.
    if (fs::exists(file, code)) text = TRY(read_file(file, kMaxAccepted));
    if (!text.empty() && text.back() != '\n') text += '\n';
    text += entry_of(change);
  }
  return write_file_atomic(file, text);
}

}  // namespace aios
