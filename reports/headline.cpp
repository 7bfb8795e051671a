// SPDX-License-Identifier: Apache-2.0
#include "reports/headline.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "harness/export/metric_row.h"
#include "harness/support/text.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kMostFigures = 4;
constexpr std::size_t kMostFindings = 12;
constexpr std::size_t kMostNamed = 6;  // claims named in the sentence

struct Preferred {
  const char* metric;
  const char* label;
};
constexpr std::array kPreferred = {
    Preferred{"boot.to_ready", "Boot to ready"},     Preferred{"boot.to_init", "Boot to init"},
    Preferred{"syscall.null", "Null system call"},   Preferred{"context_switch.process.pipe", "Context switch, pipe"},
    Preferred{"page_fault.anonymous", "Page fault"}, Preferred{"footprint.image_bytes", "Kernel image"}};

const MetricRow* find_row(const std::vector<MetricRow>& rows, std::string_view metric) {
  for (const MetricRow& row : rows) {
    if (row.metric.name == metric && !row.sample->skipped) return &row;
  }
  return nullptr;
}

std::string beside(const MetricRow& row, const std::vector<MetricRow>& base, const std::string& base_name) {
  const MetricRow* other = find_row(base, row.metric.name);
  if (other == nullptr || other->metric.unit != row.metric.unit || other->value == 0) return {};
  if (other->value == row.value) return "the same as " + base_name;
  return fmt::format("{:.3g} times {} ({})", row.value / other->value, base_name, value_text(*other));
}

std::vector<KeyFigure> key_figures(const ReportModel& report) {
  std::vector<KeyFigure> out;
  const auto rows = metric_rows(report.runs.front());
  const auto base = report.runs.size() > 1 ? metric_rows(report.runs[1]) : std::vector<MetricRow>{};
  const std::string base_name = report.runs.size() > 1 ? report.runs[1].subject : "";
  const auto add = [&](const MetricRow& row, std::string label) {
    out.push_back({std::move(label), row.metric.name, value_text(row), beside(row, base, base_name)});
  };
  bool boot = false;
  for (const Preferred& preferred : kPreferred) {
    const bool of_boot = std::string_view(preferred.metric).starts_with("boot.");
    const MetricRow* row = find_row(rows, preferred.metric);
    if (row == nullptr || out.size() == kMostFigures || (of_boot && boot)) continue;
    boot = boot || of_boot;
    add(*row, preferred.label);
  }
  for (const MetricRow& row : rows) {
    if (!out.empty() || row.metric.unit == Unit::yes_no) break;
    add(row, row.metric.name);
  }
  return out;
}

struct Piece {
  Tone tone = Tone::plain;
  std::string verdict, text;
};

std::optional<Piece> failure_piece(const ReportModel& report) {
  for (const RunRecord& run : report.runs) {
    if (run.outcome == "complete") continue;
    return Piece{tone_of_outcome(run), run.outcome == "failed" ? "failed" : "not finished",
                 fmt::format("{}: {}", run.subject, outcome_text(run))};
  }
  return std::nullopt;
}

std::optional<Piece> boot_piece(const ReportModel& report) {
  if (report.runs.size() < 2) return std::nullopt;
  const auto rows = metric_rows(report.runs[0]);
  const auto base = metric_rows(report.runs[1]);
  for (const char* metric : {"boot.to_ready", "boot.to_init"}) {
    const MetricRow* row = find_row(rows, metric);
    const MetricRow* other = find_row(base, metric);
    if (row == nullptr || other == nullptr || other->value <= 0 || row->metric.unit != other->metric.unit) continue;
    const char* what = row->metric.unit == Unit::instructions ? "instructions" : "time";
    return Piece{Tone::plain, "measured",
                 fmt::format("{} boots in {:.3g} times the {} of {}", report.runs[0].subject, row->value / other->value,
                             what, report.runs[1].subject)};
  }
  return std::nullopt;
}

std::optional<Piece> comparison_piece(const ReportModel& report) {
  if (!report.comparison) return std::nullopt;
  const Comparison& comparison = *report.comparison;
  if (!comparison.comparable) return Piece{Tone::warn, std::string(verdict_word(comparison)), comparison.reason};
  std::map<Change, std::size_t> counts;
  for (const ComparisonRow& row : comparison.rows) ++counts[row.change];
  std::string text;
  for (const Change change : {Change::better, Change::worse, Change::inconclusive, Change::changed}) {
    if (counts[change] == 0) continue;
    text += text.empty() ? fmt::format("{} of {} {} {}", counts[change], plural(comparison.rows.size(), "metric"),
                                       counts[change] == 1 ? "is" : "are", to_string(change))
                         : fmt::format(", {} {}", counts[change], to_string(change));
  }
  if (text.empty()) text = comparison.rows.empty() ? "nothing could be compared" : "no metric differs";
  return Piece{tone_of(comparison.verdict), std::string(to_string(comparison.verdict)), text};
}

std::optional<Piece> claims_piece(const ReportModel& report) {
  std::size_t judged = 0;
  std::size_t undecided = 0;
  std::vector<std::string> missed;
  for (const ClaimVerdict& row : report.claims) {
    if (row.verdict == VerdictKind::not_judged || row.verdict == VerdictKind::not_run) continue;
    ++judged;
    if (row.verdict == VerdictKind::missed) missed.push_back(row.claim.id);
    if (row.verdict == VerdictKind::inconclusive) ++undecided;
  }
  if (judged == 0) return std::nullopt;
  if (missed.empty()) {
    if (undecided > 0) {
      return Piece{Tone::warn, "inconclusive",
                   fmt::format("none of {} is missed, {} are undecided", plural(judged, "judged claim"), undecided)};
    }
    return Piece{Tone::good, "met", fmt::format("{} judged, all met", plural(judged, "claim"))};
  }
  const std::size_t count = missed.size();
  if (count > kMostNamed) missed.resize(kMostNamed);
  return Piece{Tone::bad, "missed",
               fmt::format("{} of {} {} missed: {}{}", count, plural(judged, "judged claim"), count == 1 ? "is" : "are",
                           join(missed, ", "), count > kMostNamed ? ", ..." : "")};
}

void add_claims(std::vector<Finding>& out, const ReportModel& report, VerdictKind verdict) {
  for (const ClaimVerdict& row : report.claims) {
    if (row.verdict != verdict) continue;
    std::string text = row.claim.text;
    if (row.value) text += fmt::format(": {}, asked {}", format_value(*row.value, row.unit), row.target_text);
    if (!row.reason.empty()) text += "; " + row.reason;
    Finding finding{{tone_of(verdict), std::string(to_string(verdict))}, row.claim.id, false, std::move(text)};
    finding.promise = row.claim.text;
    if (row.value) finding.measured = format_value(*row.value, row.unit);
    finding.asked = "asked: " + row.target_text;
    finding.why = row.reason;
    out.push_back(std::move(finding));
  }
}

void add_rows(std::vector<Finding>& out, const ReportModel& report, Change change) {
  if (!report.comparison) return;
  for (const ComparisonRow& row : report.comparison->rows) {
    if (row.change != change) continue;
    std::string text;
    if (row.first && row.second) {
      text = fmt::format("{} against {}", format_value(*row.second, row.unit), format_value(*row.first, row.unit));
    }
    if (const std::string ratio = ratio_text(row); !ratio.empty()) text += fmt::format(", {} times", ratio);
    if (const std::string classes = classes_text(row); !classes.empty()) text += "; " + classes;
    if (!row.reason.empty()) text += (text.empty() ? "" : "; ") + row.reason;
    Finding finding{{tone_of(change), std::string(to_string(change))}, row.metric, true, std::move(text)};
    if (const std::string ratio = ratio_text(row); !ratio.empty()) finding.by = ratio + " \xc3\x97";
    if (row.second) finding.measured = format_value(*row.second, row.unit);
    if (row.first) finding.asked = "against " + format_value(*row.first, row.unit);
    finding.why = row.reason.empty() ? classes_text(row) : row.reason;
    out.push_back(std::move(finding));
  }
}

bool worse(Tone a, Tone b) {
  const auto rank = [](Tone tone) {
    return tone == Tone::bad ? 3 : tone == Tone::warn ? 2 : tone == Tone::good ? 1 : 0;
  };
  return rank(a) > rank(b);
}

}  // namespace

Headline headline_of(const ReportModel& report) {
  Headline out;
  out.verdict = "measured";
  if (report.runs.empty()) {
    out.sentence = report.claims.empty() ? "Nothing was measured." : "";
  } else {
    out.figures = key_figures(report);
  }
  add_claims(out.findings, report, VerdictKind::missed);
  add_rows(out.findings, report, Change::worse);
  add_claims(out.findings, report, VerdictKind::inconclusive);
  add_rows(out.findings, report, Change::inconclusive);
  if (out.findings.size() > kMostFindings) {
    out.findings_left_out = out.findings.size() - kMostFindings;
    out.findings.resize(kMostFindings);
  }
  for (const auto& piece :
       {failure_piece(report), boot_piece(report), comparison_piece(report), claims_piece(report)}) {
    if (!piece) continue;
    if (piece->tone != Tone::plain) out.verdicts.push_back({piece->tone, piece->verdict});
    if (worse(piece->tone, out.tone)) {
      out.tone = piece->tone;
      out.verdict = piece->verdict;
    }
    out.sentence += (out.sentence.empty() ? "" : "; ") + piece->text;
  }
  if (out.sentence.empty() && !report.runs.empty()) {
    const RunRecord& run = report.runs.front();
    out.sentence = fmt::format("{}: {} measured over {}", run_title(run), plural(metric_rows(run).size(), "metric"),
                               boots_text(run));
  }
  // Of two runs the sentence names both; of one it must say which.
  if (report.runs.size() == 1 && !out.sentence.starts_with(report.runs[0].subject)) {
    out.sentence = run_title(report.runs[0]) + ": " + out.sentence;
  }
  if (out.verdicts.empty()) out.verdicts.push_back({out.tone, out.verdict});
  if (!out.sentence.ends_with('.')) out.sentence += ".";
  return out;
}

}  // namespace aios
