// SPDX-License-Identifier: Apache-2.0
#include "reports/markdown.h"

#include <fmt/format.h>

#include <map>

#include "reports/headline.h"
#include "reports/markdown_note.h"
#include "reports/wording.h"

namespace aios {
namespace {

std::string mark_of(VerdictKind verdict) {
  switch (tone_of(verdict)) {
    case Tone::good:
      return "\xe2\x9c\x85 ";
    case Tone::bad:
      return "\xe2\x9d\x8c ";
    case Tone::warn:
      return "\xe2\x9a\xa0\xef\xb8\x8f ";
    default:
      return "";
  }
}

std::string figures_table(const std::vector<KeyFigure>& figures) {
  std::string out = "| | | |\n| --- | ---: | --- |\n";
  for (const KeyFigure& key : figures) {
    out += fmt::format("| {} | **{}** | {} |\n", markdown_text(key.label), markdown_text(key.value),
                       markdown_text(key.beside));
  }
  return out + "\n";
}

std::string claims_table(const ReportModel& report) {
  std::string out;
  for (const ClaimVerdict& row : report.claims) {
    if (out.empty()) out = "| claim | verdict | measured | target | reason |\n| --- | --- | ---: | --- | --- |\n";
    out += fmt::format("| {} {} | {}{} | {} | {} | {} |\n", markdown_code(row.claim.id), markdown_text(row.claim.text),
                       mark_of(row.verdict), to_string(row.verdict),
                       row.value ? markdown_text(format_value(*row.value, row.unit)) : "",
                       markdown_code(row.target_text), markdown_text(row.reason));
  }
  return out;
}

std::string metrics_table(const ReportModel& report) {
  struct TableLine {
    const Metric* metric;
    std::vector<std::string> values;
  };
  std::vector<std::vector<MetricRow>> rows;
  for (const RunRecord& run : report.runs) rows.push_back(metric_rows(run));
  std::vector<TableLine> lines;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const MetricRow& row : rows[i]) {
      const auto [place, fresh] = places.emplace(row.metric.name, lines.size());
      if (fresh) lines.push_back({&row.metric, std::vector<std::string>(rows.size())});
      lines[place->second].values[i] = value_text(row);
    }
  }
  if (lines.empty()) return {};
  std::string out = "| metric |";
  std::string rule = "| --- |";
  for (const RunRecord& run : report.runs) {
    out += " " + markdown_code(run.subject) + " |";
    rule += " ---: |";
  }
  out += "\n" + rule + "\n";
  for (const TableLine& line : lines) {
    out += "| " + markdown_code(line.metric->name) + " |";
    for (const std::string& value : line.values) out += " " + markdown_text(value) + " |";
    out += "\n";
  }
  return out;
}

std::string comparison_table(const Comparison& comparison) {
  std::string out =
      fmt::format("| metric | {} | {} | ratio | difference | |\n| --- | ---: | ---: | ---: | ---: | --- |\n",
                  markdown_code(comparison.first_name), markdown_code(comparison.second_name));
  for (const ComparisonRow& row : comparison.rows) {
    const auto value = [&](const std::optional<double>& of_side) {
      return of_side ? markdown_text(format_value(*of_side, row.unit)) : std::string();
    };
    std::string remark = row.reason;
    if (const std::string classes = classes_text(row); !classes.empty())
      remark += (remark.empty() ? "" : "; ") + classes;
    out += fmt::format("| {} | {} | {} | {} | {} | {}{}{} |\n", markdown_code(row.metric), value(row.first),
                       value(row.second), ratio_text(row), difference_text(row), to_string(row.change),
                       remark.empty() ? "" : ": ", markdown_text(remark));
  }
  for (const std::string& warning : comparison.warnings) out += "\n" + markdown_text(warning) + "\n";
  for (const InputDifference& difference : comparison.differences) {
    out += fmt::format("\n{}: {} and {}: {}\n", markdown_text(difference.key), markdown_code(difference.first),
                       markdown_code(difference.second), markdown_text(difference.meaning));
  }
  return out;
}

std::string audit_table(const ConfigAudit& audit) {
  std::string out;
  for (const AuditRow& row : audit.rows) {
    if (row.verdict == AuditVerdict::in_effect && !row.contradicted) continue;
    if (out.empty()) out = "| option | asked | got | verdict | why |\n| --- | --- | --- | --- | --- |\n";
    out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_code(row.option), markdown_code(row.asked),
                       markdown_code(row.got), audit_word(row.verdict), markdown_text(row.why));
  }
  return out;
}

std::string provenance_list(const RunRecord& run) {
  std::string out = fmt::format("**{}**\n\n", markdown_text(run_title(run)));
  const auto item = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out += fmt::format("- {}: {}\n", markdown_text(name), markdown_code(value));
  };
  item("run", run.provenance.run);
  item("command", run.provenance.command_line);
  item("taken", run.provenance.finished);
  item("fidelity", to_string(run.fidelity));
  item("boots", boots_text(run));
  item("QEMU", run.provenance.qemu_version);
  item("host", run.provenance.host_cpu);
  for (const auto& [key, value] : run.inputs) item(key, value);
  return out + "\n";
}

}  // namespace

std::string render_markdown(const ReportModel& report) {
  const Headline headline = headline_of(report);
  std::string title;
  for (const RunRecord& run : report.runs) title += (title.empty() ? "" : " against ") + markdown_text(run.subject);
  MarkdownNote note;
  note.text(fmt::format("### {}: {}\n\n{}\n\n", title.empty() ? "aios-bench" : title, headline.verdict,
                        markdown_text(headline.sentence)));
  if (!headline.figures.empty()) note.text(figures_table(headline.figures));
  for (const RunRecord& run : report.runs) {
    if (run.outcome == "complete") continue;
    note.text(fmt::format("**{}**: {}\n\n", markdown_text(run.subject), markdown_text(outcome_text(run))));
  }
  for (const Finding& finding : headline.findings) {
    note.text(fmt::format("- **{}** {} {}\n", finding.verdict.text, markdown_code(finding.name),
                          markdown_text(finding.text)));
  }
  if (headline.findings_left_out > 0) note.text(fmt::format("- and {} more, below\n", headline.findings_left_out));
  if (!headline.findings.empty()) note.text("\n");

  if (report.comparison) {
    note.fold("Metric by metric", comparison_table(*report.comparison));
  } else {
    note.fold("All metrics", metrics_table(report));
  }
  note.fold(plural(report.claims.size(), "claim"), claims_table(report));
  for (const ConfigAudit& audit : report.audits) {
    const AuditTotals totals = audit.totals();
    note.fold(fmt::format("Configuration of {}: {} of {} in effect", markdown_text(audit.subject), totals.in_effect,
                          plural(static_cast<std::size_t>(totals.asked), "option")),
              audit_table(audit));
  }
  std::string provenance;
  for (const RunRecord& run : report.runs) provenance += provenance_list(run);
  note.fold("Provenance: what it takes to repeat this", provenance);
  return note.str();
}

}  // namespace aios
