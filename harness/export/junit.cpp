// SPDX-License-Identifier: Apache-2.0
#include "harness/export/junit.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/export/metric_row.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kLongest = 2000;

struct Case {
  std::string class_name, name;
  std::string element;  // "failure", "error", "skipped" or "" (passed)
  std::string text;
};

// html_escape() makes just the references that XML knows; printable() leaves nothing that XML forbids.
std::string xml(std::string_view text) { return html_escape(printable(text.substr(0, kLongest))); }

bool is_fault_of_kernel(const BootRecord& boot) { return boot.error_kind == to_string(ErrorKind::kernel_fault); }

std::vector<Case> cases_of(const RunRecord& run) {
  std::vector<Case> cases;
  for (const BootRecord& boot : run.boots) {
    Case entry{run.subject, fmt::format("boot {}", boot.index), "", boot.error};
    if (!boot.ok) entry.element = is_fault_of_kernel(boot) ? "failure" : "error";
    if (!boot.ok && entry.text.empty()) entry.text = boot.end_state;
    cases.push_back(std::move(entry));
  }
  for (const std::string& scenario : run.scenarios) {
    Case entry{run.subject, "scenario " + scenario, "", ""};
    for (const BootRecord& boot : run.boots) {
      if (std::find(boot.scenarios_failed.begin(), boot.scenarios_failed.end(), scenario) ==
          boot.scenarios_failed.end())
        continue;
      entry.element = "failure";
      entry.text += fmt::format("failed in boot {}\n", boot.index);
    }
    cases.push_back(std::move(entry));
  }
  for (const MetricRow& row : metric_rows(run)) {
    if (row.metric.unit != Unit::yes_no) continue;
    Case entry{fmt::format("{}.{}", run.subject, row.metric.scenario), row.metric.name, "", row.sample->detail};
    if (row.sample->skipped) {
      entry.element = "skipped";
    } else if (row.lowest == 0) {
      entry.element = "failure";
    }
    cases.push_back(std::move(entry));
  }
  return cases;
}

std::string suite_of(const RunRecord& run) {
  const std::vector<Case> cases = cases_of(run);
  const auto count = [&](std::string_view element) {
    return std::count_if(cases.begin(), cases.end(), [&](const Case& entry) { return entry.element == element; });
  };
  const auto total = run.provenance.wall_seconds.find("total");
  std::string out = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\" "
      "timestamp=\"{}\">\n",
      xml(run.subject + " on " + run.machine), cases.size(), count("failure"), count("error"), count("skipped"),
      total == run.provenance.wall_seconds.end() ? 0.0 : total->second, xml(run.provenance.started));
  for (const Case& entry : cases) {
    out += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(entry.class_name), xml(entry.name));
    out += entry.element.empty() ? "/>\n"
                                 : fmt::format("><{} message=\"{}\"/></testcase>\n", entry.element, xml(entry.text));
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
