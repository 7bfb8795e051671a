// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/export/gate_formats.h"
#include "harness/support/hash.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kLongestMessage = 1000;
constexpr std::size_t kMostAnnotations = 10;  // of each kind; GitHub shows no more of a step

// As GitHub's own toolkit escapes: a message ends at the line's end, a property also at a colon or comma.
std::string github_text(std::string_view text, bool property) {
  std::string out;
  for (const char c : printable(text.substr(0, kLongestMessage))) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

bool is_annotated(const GateRow& row) {
  return row.verdict != GateVerdict::pass && row.verdict != GateVerdict::not_judged;
}

bool is_red(const GateRow& row) { return row.verdict == GateVerdict::fail && row.action == GateAction::block; }

std::string sentence_of(const GateRow& row) {
  const ComparisonRow& figures = row.figures;
  std::string out = fmt::format("{}: {}", figures.metric, to_string(row.verdict));
  if (figures.first && figures.second) {
    out += fmt::format(", {} before, {} now", format_value(*figures.first, figures.unit),
                       format_value(*figures.second, figures.unit));
  }
  if (!row.reason.empty()) out += "; " + row.reason;
  if (!row.takes.empty()) out += "; takes " + row.takes;
  return out;
}

}  // namespace

std::string export_gate_github(const GateReport& report) {
  std::string out;
  std::size_t errors = 0;
  std::size_t warnings = 0;
  for (const GateRow& row : report.rows) {
    if (!is_annotated(row)) continue;
    std::size_t& number = is_red(row) ? errors : warnings;
    if (++number > kMostAnnotations) continue;
    out +=
        fmt::format("::{} title={}::{}\n", is_red(row) ? "error" : "warning",
                    github_text("aios-bench gate: " + row.figures.metric, true), github_text(sentence_of(row), false));
  }
  const bool red = report.verdict == GateVerdict::fail;
  return out + fmt::format("::{} title=aios-bench gate::{}\n",
                           red                     ? "error"
                           : report.exit_code == 0 ? "notice"
                                                   : "warning",
                           github_text(fmt::format("{} against {}: {}: {}; {}", report.second_name, report.first_name,
                                                   to_string(report.verdict), report.reason, report.promise),
                                       false));
}

std::string export_gate_gitlab(const GateReport& report, const std::string& file) {
  OrderedJson out = OrderedJson::array();
  for (const GateRow& row : report.rows) {
    if (!is_annotated(row)) continue;
    const std::string_view severity = is_red(row) ? "critical" : row.verdict == GateVerdict::fail ? "major" : "info";
    out.push_back({{"description", printable(sentence_of(row).substr(0, kLongestMessage))},
                   {"check_name", "aios-bench gate"},
                   {"fingerprint", sha256(report.second_subject + "\n" + row.figures.metric)},
                   {"severity", severity},
                   {"location", {{"path", file}, {"lines", {{"begin", 1}}}}}});
  }
  return dump_json(out, 2) + "\n";
}

}  // namespace aios
