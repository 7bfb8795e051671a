// SPDX-License-Identifier: Apache-2.0
#include "harness/export/junit.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/export/run_cases.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kLongest = 2000;

// html_escape() makes just the references that XML knows; printable() leaves nothing that XML forbids.
std::string xml(std::string_view text) { return html_escape(printable(text.substr(0, kLongest))); }

std::string_view element_of(CaseOutcome outcome) {
  switch (outcome) {
    case CaseOutcome::passed:
      return "";
    case CaseOutcome::failed:
      return "failure";
    case CaseOutcome::lab_error:
      return "error";
    case CaseOutcome::skipped:
      return "skipped";
  }
  return "";
}

std::string suite_of(const RunRecord& run) {
  const std::vector<RunCase> cases = run_cases(run);
  const auto count = [&](CaseOutcome outcome) {
    return std::count_if(cases.begin(), cases.end(), [&](const RunCase& entry) { return entry.outcome == outcome; });
  };
  const auto total = run.provenance.wall_seconds.find("total");
  std::string out = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\" "
      "timestamp=\"{}\">\n",
      xml(run.subject + " on " + run.machine), cases.size(), count(CaseOutcome::failed), count(CaseOutcome::lab_error),
      count(CaseOutcome::skipped), total == run.provenance.wall_seconds.end() ? 0.0 : total->second,
      xml(run.provenance.started));
  for (const RunCase& entry : cases) {
    out += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(entry.group), xml(entry.name));
    const std::string_view element = element_of(entry.outcome);
    out += element.empty() ? "/>\n" : fmt::format("><{} message=\"{}\"/></testcase>\n", element, xml(entry.text));
  }
  return out + "  </testsuite>\n";
}

}  // namespace

std::string export_junit(const std::vector<RunRecord>& runs) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"aios-bench\">\n";
  for (const RunRecord& run : runs) out += suite_of(run);
  return out + "</testsuites>\n";
}

}  // namespace aios
