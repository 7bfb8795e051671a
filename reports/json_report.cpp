// SPDX-License-Identifier: Apache-2.0
#include "reports/json_report.h"

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

OrderedJson claim_object(const ClaimVerdict& row) {
  OrderedJson out;
  out["id"] = row.claim.id;
  out["kernel"] = row.claim.kernel;
  out["claim"] = row.claim.text;
  out["target"] = row.target_text;
  out["value"] = row.value ? OrderedJson(*row.value) : OrderedJson();
  out["unit"] = to_string(row.unit);
  out["fidelity"] = row.fidelity ? OrderedJson(to_string(*row.fidelity)) : OrderedJson();
  out["verdict"] = to_string(row.verdict);
  out["reason"] = row.reason;
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
  out["claims"] = OrderedJson::array();
  OrderedJson claim_runs = OrderedJson::object();
  for (const ClaimVerdict& row : report.claims) {
    out["claims"].push_back(claim_object(row));
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
  out["provenance"]["claim_runs"] = std::move(claim_runs);
  return out.dump(options.indent, ' ', /*ensure_ascii=*/true, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace aios
