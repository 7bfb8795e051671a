// SPDX-License-Identifier: Apache-2.0
#include "harness/export/ktap.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/export/metric_row.h"
#include "harness/export/run_cases.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kLongestKtapName = 200;
constexpr std::size_t kLongestKtapText = 1000;

// One line; a '#' would begin a directive.
std::string ktap_text(std::string_view text, std::size_t longest) {
  std::string out;
  for (const char c : printable(trim(text.substr(0, longest)))) {
    if (c == '#') {
      out += "\\x23";
    } else {
      out += c == '\t' ? ' ' : c;
    }
  }
  return out.empty() ? "unnamed" : out;
}

bool is_bad(const RunCase& entry) {
  return entry.outcome == CaseOutcome::failed || entry.outcome == CaseOutcome::lab_error;
}

// The dash keeps a name apart from what stands before it, whatever it begins with.
std::string result_line(bool ok, std::size_t number, std::string_view name) {
  return fmt::format("{} {} - {}", ok ? "ok" : "not ok", number, ktap_text(name, kLongestKtapName));
}

// A word of ours first: what a guest wrote must not begin the line, or it could be a result ("# ok 1 x").
std::string diagnostic(std::string_view word, std::string_view text) {
  return fmt::format("    # {}: {}\n", word, ktap_text(text, kLongestKtapText));
}

std::string subtest_of(const RunRecord& run, const std::string& name, bool& ok) {
  const std::vector<RunCase> cases = run_cases(run);
  std::string out = fmt::format("    KTAP version 1\n    # Subtest: {}\n    1..{}\n", ktap_text(name, kLongestKtapName),
                                cases.size());
  if (!run.provenance.run.empty()) out += diagnostic("run", run.provenance.run);
  for (const MetricRow& row : metric_rows(run)) {
    if (row.metric.unit == Unit::yes_no) continue;
    out += diagnostic("measured", fmt::format("{}: {}", row.metric.name, format_value(row.value, row.metric.unit)));
  }
  std::size_t number = 0;
  for (const RunCase& entry : cases) {
    if (is_bad(entry) && !entry.text.empty()) out += diagnostic("why", entry.text);
    out += "    " + result_line(!is_bad(entry), ++number, entry.name);
    if (entry.outcome == CaseOutcome::skipped) {
      out += " # SKIP" + (entry.text.empty() ? "" : " " + ktap_text(entry.text, kLongestKtapText));
    }
    if (entry.outcome == CaseOutcome::lab_error) out += " # ERROR the lab failed, not the kernel";
    out += "\n";
    ok = ok && !is_bad(entry);
  }
  return out;
}

}  // namespace

std::string export_ktap(const std::vector<RunRecord>& runs) {
  std::string out = fmt::format("KTAP version 1\n1..{}\n", runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string name = fmt::format("{} on {}", runs[i].subject, runs[i].machine);
    bool ok = true;
    out += subtest_of(runs[i], name, ok);
    out += result_line(ok, i + 1, name) + "\n";
  }
  return out;
}

}  // namespace aios
