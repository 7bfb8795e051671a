// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "harness/export/gate_formats.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kLongestText = 2000;

// html_escape() makes just the references that XML knows; printable() leaves nothing that XML forbids.
std::string xml_text(std::string_view text) { return html_escape(printable(text.substr(0, kLongestText))); }

std::string_view element_of(const GateRow& row) {
  switch (row.verdict) {
    case GateVerdict::fail:
      return row.action == GateAction::block ? "failure" : "";
    case GateVerdict::infrastructure:
      return "error";
    case GateVerdict::inconclusive:
    case GateVerdict::not_judged:
      return "skipped";
    case GateVerdict::pass:
      return "";
  }
  return "";
}

std::string message_of(const GateRow& row) {
  std::string out;
  const ComparisonRow& figures = row.figures;
  if (figures.first && figures.second) {
    out = fmt::format("{} before, {} now", format_value(*figures.first, figures.unit),
                      format_value(*figures.second, figures.unit));
  }
  for (const std::string* part : {&row.accepted, &row.reason, &row.takes}) {
    if (part->empty()) continue;
    out += fmt::format("{}{}{}", out.empty() ? "" : "; ", part == &row.takes ? "takes " : "", *part);
  }
  return out.empty() ? std::string(to_string(row.verdict)) : out;
}

}  // namespace

std::string export_gate_junit(const GateReport& report) {
  const auto number = [&](std::string_view element) {
    return std::count_if(report.rows.begin(), report.rows.end(),
                         [&](const GateRow& row) { return element_of(row) == element; });
  };
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"aios-bench gate\">\n"
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n"
      "    <properties>\n",
      xml_text(report.second_name + " against " + report.first_name), report.rows.size(), number("failure"),
      number("error"), number("skipped"));
  const auto property = [&](std::string_view name, std::string_view value) {
    out += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, xml_text(value));
  };
  property("verdict", to_string(report.verdict));
  property("promise", report.promise);
  property("baseline", report.first_run);
  property("candidate", report.second_run);
  out += "    </properties>\n";
  for (const GateRow& row : report.rows) {
    out += fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                       xml_text(report.second_subject + "." + row.figures.scenario), xml_text(row.figures.metric));
    const std::string_view element = element_of(row);
    if (element.empty()) {
      out += fmt::format("><system-out>{}</system-out></testcase>\n", xml_text(message_of(row)));
    } else {
      out += fmt::format("><{} message=\"{}\"/></testcase>\n", element, xml_text(message_of(row)));
    }
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace aios
