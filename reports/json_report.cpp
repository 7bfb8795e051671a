// SPDX-License-Identifier: Apache-2.0
#include "reports/json_report.h"

#include "harness/judge/claims.h"
#include "harness/support/json.h"
#include "reports/headline.h"

namespace aios {
namespace {

OrderedJson parsed(const std::string& text) {
  OrderedJson value = OrderedJson::parse(text, nullptr, /*allow_exceptions=*/false);
  return value.is_discarded() ? OrderedJson() : value;
}

OrderedJson run_object(const RunRecord& run, bool iterations) {
  OrderedJson out = parsed(run_to_json(run));
  if (iterations || !out.contains("samples")) return out;
  for (OrderedJson& sample : out["samples"]) sample.erase("values");
  return out;
}

// Which runs it was is provenance; what came of it is not.
OrderedJson comparison_object(const Comparison& comparison) {
  OrderedJson out = parsed(comparison_to_json(comparison));
  for (const char* side : {"first", "second"}) {
    if (out.contains(side)) out[side].erase("run");
  }
  return out;
}

OrderedJson headline_object(const Headline& headline) {
  OrderedJson out;
  out["verdict"] = headline.verdict;
  out["sentence"] = headline.sentence;
  OrderedJson figures = OrderedJson::array();
  for (const KeyFigure& key : headline.figures) {
    OrderedJson entry;
    entry["metric"] = key.metric;
    entry["label"] = key.label;
    entry["value"] = key.value;
    entry["beside"] = key.beside;
    figures.push_back(std::move(entry));
  }
  out["figures"] = std::move(figures);
  OrderedJson findings = OrderedJson::array();
  for (const Finding& finding : headline.findings) {
    OrderedJson entry;
    entry["verdict"] = finding.verdict.text;
    entry[finding.metric ? "metric" : "claim"] = finding.name;
    entry["text"] = finding.text;
    findings.push_back(std::move(entry));
  }
  out["findings"] = std::move(findings);
  out["findings_left_out"] = headline.findings_left_out;
  return out;
}

}  // namespace

std::string render_json(const ReportModel& report, const JsonOptions& options) {
  OrderedJson out;
  out["schema"] = kReportSchema;
  out["kind"] = "aios-bench report";
  out["headline"] = headline_object(headline_of(report));
  if (!options.iterations) out["iterations_left_out"] = true;
  out["runs"] = OrderedJson::array();
  for (const RunRecord& run : report.runs) out["runs"].push_back(run_object(run, options.iterations));
  out["comparison"] = report.comparison ? comparison_object(*report.comparison) : OrderedJson();
  out["claims"] = parsed(claims_to_json(report.claims));
  OrderedJson claim_runs = OrderedJson::object();
  for (OrderedJson& claim : out["claims"]) claim.erase("run");
  for (const ClaimVerdict& row : report.claims) {
    if (!row.run.empty()) claim_runs[row.claim.id] = row.run;
  }
  out["config_audits"] = OrderedJson::array();
  for (const ConfigAudit& audit : report.audits) out["config_audits"].push_back(parsed(audit_to_json(audit)));
  out["logs"] = OrderedJson::array();
  for (const LogTail& tail : report.logs) {
    OrderedJson entry;
    entry["run"] = tail.run;
    entry["boot"] = tail.boot;
    entry["name"] = tail.name;
    entry["lines"] = tail.lines;
    entry["lines_left_out"] = tail.lines_left_out;
    out["logs"].push_back(std::move(entry));
  }
  out["provenance"]["generated"] = report.generated;
  out["provenance"]["harness_version"] = report.harness_version;
  if (report.comparison) {
    out["provenance"]["compared_runs"] = {report.comparison->first_run, report.comparison->second_run};
  }
  out["provenance"]["claim_runs"] = std::move(claim_runs);
  return out.dump(options.indent, ' ', /*ensure_ascii=*/true, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace aios
