// SPDX-License-Identifier: Apache-2.0
#include "reports/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/support/text.h"

namespace aios {

std::string value_text(const MetricRow& row) {
  return row.sample->skipped ? "skipped" : format_value(row.value, row.metric.unit);
}

std::string range_text(const MetricRow& row) {
  if (row.lowest == row.highest || row.metric.unit == Unit::yes_no) return {};
  return fmt::format("{} .. {}", format_value(row.lowest, row.metric.unit), format_value(row.highest, row.metric.unit));
}

std::string signed_text(double value, Unit unit) {
  return (value < 0 ? "-" : value > 0 ? "+" : "") + format_value(std::fabs(value), unit);
}

std::string spread_text(const MetricRow& row) {
  if (row.lowest == row.highest || row.metric.unit == Unit::yes_no) return {};
  std::string low = signed_text(row.lowest - row.value, row.metric.unit);
  std::string high = signed_text(row.highest - row.value, row.metric.unit);
  if (row.metric.unit == Unit::instructions) {  // the value beside it has the unit
    low.resize(low.rfind(' '));
    high.resize(high.rfind(' '));
  }
  return fmt::format("{} .. {}", low, high);
}

std::string overhead_text(const MetricRow& row) {
  return row.sample->overhead == 0 ? "" : format_value(row.sample->overhead, row.metric.unit);
}

std::string events_text(const CountVector& counts) {
  std::string out;
  for (std::size_t i = 1; i < kCountClasses; ++i) {
    const auto count = counts.counts[i].value_or(0);
    if (count == 0) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", group_digits(count), to_string(static_cast<CountClass>(i)));
  }
  return out;
}

std::string interrupted_text(const Sample& sample) {
  if (sample.interrupted_iterations == 0) return {};
  return fmt::format("{} of {}", group_digits(sample.interrupted_iterations), group_digits(sample.iterations));
}

Tone tone_of(const MetricRow& row) {
  if (row.sample->skipped) return Tone::dim;
  if (row.metric.unit != Unit::yes_no) return Tone::plain;
  return row.lowest != 0 ? Tone::good : Tone::bad;
}

Tone tone_of(VerdictKind verdict) {
  switch (verdict) {
    case VerdictKind::met:
    case VerdictKind::bounded:
      return Tone::good;
    case VerdictKind::missed:
      return Tone::bad;
    case VerdictKind::inconclusive:
      return Tone::warn;
    case VerdictKind::not_judged:
    case VerdictKind::not_run:
      return Tone::dim;
  }
  return Tone::plain;
}

Tone tone_of(AuditVerdict verdict) {
  switch (verdict) {
    case AuditVerdict::in_effect:
      return Tone::good;
    case AuditVerdict::not_in_effect:
      return Tone::bad;
    case AuditVerdict::no_longer_exists:
    case AuditVerdict::overridden:
      return Tone::warn;
  }
  return Tone::plain;
}

std::string audit_word(AuditVerdict verdict) {
  std::string word(to_string(verdict));
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

std::string ratio_text(const ComparisonRow& row) {
  if (!row.ratio) return {};
  return *row.ratio >= 0.1 && *row.ratio < 10 ? fmt::format("{:.3f}", *row.ratio) : fmt::format("{:.3g}", *row.ratio);
}

std::string difference_text(const ComparisonRow& row) {
  if (!row.difference || row.unit == Unit::yes_no) return {};
  return *row.difference == 0 ? "0" : signed_text(*row.difference, row.unit);
}

std::string interval_text(const ComparisonRow& row) {
  if (row.ratio_low && row.ratio_high) {
    std::string text = fmt::format("{:.3f} .. {:.3f} times", *row.ratio_low, *row.ratio_high);
    if (row.p) text += fmt::format(", p = {:.2g}", *row.p);
    return text;
  }
  if (!row.difference_low || !row.difference_high || *row.difference_low == *row.difference_high) return {};
  return fmt::format("{} .. {}", signed_text(*row.difference_low, row.unit),
                     signed_text(*row.difference_high, row.unit));
}

std::string classes_text(const ComparisonRow& row) {
  std::string out;
  for (const ClassChange& entry : row.classes) {
    out += fmt::format("{}{} {} to {}", out.empty() ? "" : ", ", to_string(entry.which), group_digits(entry.first),
                       group_digits(entry.second));
  }
  return out;
}

Tone tone_of(Change change) {
  switch (change) {
    case Change::better:
      return Tone::good;
    case Change::worse:
      return Tone::bad;
    case Change::inconclusive:
      return Tone::warn;
    default:
      return Tone::dim;
  }
}

std::string run_title(const RunRecord& run) {
  std::string title = run.subject;
  if (!run.kernel_version.empty()) title += " " + run.kernel_version;
  return fmt::format("{} on {}", title, run.machine);
}

std::string boots_text(const RunRecord& run) {
  const auto perturbed = static_cast<std::size_t>(
      std::count_if(run.boots.begin(), run.boots.end(), [](const BootRecord& boot) { return boot.perturbation != 0; }));
  std::string text = plural(run.boots.size(), "boot");
  if (perturbed > 0) text += fmt::format(", {} of them perturbed", perturbed);
  const auto restored = static_cast<std::size_t>(std::count_if(
      run.boots.begin(), run.boots.end(), [](const BootRecord& boot) { return boot.start == "restored"; }));
  if (restored > 0 && restored == run.boots.size()) text += ", from a saved guest";
  if (restored > 0 && restored < run.boots.size()) text += fmt::format(", {} of them from a saved guest", restored);
  return text;
}

std::string outcome_text(const RunRecord& run) {
  std::string text = run.outcome.empty() ? "no outcome" : run.outcome;
  for (const BootRecord& boot : run.boots) {
    if (boot.ok) continue;
    text +=
        fmt::format(": boot {} ended in {}", boot.index, boot.end_state.empty() ? "no known state" : boot.end_state);
    if (!boot.error.empty()) text += ": " + boot.error;
    break;
  }
  return text;
}

Tone tone_of_outcome(const RunRecord& run) {
  if (run.outcome == "complete") return Tone::good;
  return run.outcome == "failed" ? Tone::bad : Tone::warn;
}

std::string_view fidelity_meaning(Fidelity fidelity) {
  switch (fidelity) {
    case Fidelity::exact:
      return "instructions under emulation, reproducible to the last one; says nothing of caches or time";
    case Fidelity::counted:
      return "instructions under emulation with devices that answer in the host's time; small differences are noise";
    case Fidelity::timed:
      return "real time on a real processor; noisy, judged over boots";
    case Fidelity::bounded:
      return "time under emulation, which can only be slower than the real thing; a pass holds there too";
  }
  return "";
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  const std::string number = group_digits(static_cast<long long>(count));
  if (count == 1) return fmt::format("{} {}", number, one);
  return many.empty() ? fmt::format("{} {}s", number, one) : fmt::format("{} {}", number, many);
}

}  // namespace aios
