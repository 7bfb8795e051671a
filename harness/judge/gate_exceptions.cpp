// SPDX-License-Identifier: Apache-2.0
// What stands beside the comparison with the baseline: many small steps since a fixed reference, and changes for the
// worse that somebody took on.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/judge/compare.h"
#include "harness/judge/gate_row.h"
#include "harness/judge/null_fence.h"

namespace aios {
namespace {

bool is_duration(const ComparisonRow& row) { return row.unit == Unit::nanoseconds || row.unit == Unit::cycles; }

// How much worse than the reference it certainly is, and how much it looks; per cent.
struct Since {
  double looks = 0, certainly = 0;
};

std::optional<Since> since_reference(const ComparisonRow& row) {
  const int sign = worse_sign(row.direction);
  if (sign == 0 || !row.first || !row.second || *row.first == 0 || row.unit == Unit::yes_no) return std::nullopt;
  if (row.change == Change::not_compared) return std::nullopt;
  if (is_duration(row)) {
    if (!row.ratio || !row.ratio_low || !row.ratio_high) return std::nullopt;
    if (sign > 0) return Since{100 * (*row.ratio - 1), 100 * (*row.ratio_low - 1)};
    return Since{100 * (1 / *row.ratio - 1), 100 * (1 / *row.ratio_high - 1)};
  }
  const double worse = 100 * sign * (*row.second - *row.first) / std::fabs(*row.first);
  const double fence = moves_with_null_changes(row) ? 100 * boot_fence(*row.first) / std::fabs(*row.first) : 0;
  return Since{worse, worse - fence};
}

bool is_no_worse_than(const GateRow& row, double level) {
  const int sign = worse_sign(row.figures.direction);
  if (!row.figures.second) return false;
  // What null changes and the margin allow from one run to the next they allow here.
  const double slack = std::fabs(level) * std::max(row.margin_percent, row.fence_percent.value_or(0)) / 100;
  return sign * (*row.figures.second - level) <= slack;
}

}  // namespace

void judge_creep(const RunRecord& reference, const RunRecord& candidate, const GatePolicy& policy,
                 std::vector<GateRow>& rows) {
  CompareOptions options;
  options.confidence = policy.confidence;
  const Comparison since = compare_runs(reference, candidate, options);
  for (GateRow& row : rows) {
    const auto found = std::find_if(since.rows.begin(), since.rows.end(),
                                    [&](const ComparisonRow& other) { return other.metric == row.figures.metric; });
    if (found == since.rows.end()) continue;
    const auto worse = since_reference(*found);
    if (!worse) continue;
    const double budget = policy.rule_for(row.figures.metric).creep_percent;
    row.creep = Creep{found->first, worse->looks, budget, worse->certainly > budget};
    const bool could_turn = row.verdict == GateVerdict::pass || row.verdict == GateVerdict::inconclusive;
    if (!row.creep->beyond || !could_turn) continue;
    row.verdict = GateVerdict::fail;
    row.takes.clear();
    row.reason = fmt::format("small steps add up: {:+.2f} % since the reference, and the budget is {:g} %",
                             row.creep->worse_percent, budget);
  }
}

void apply_accepted(const RunRecord& candidate, const std::vector<AcceptedChange>& accepted, const std::string& today,
                    std::vector<GateRow>& rows) {
  for (GateRow& row : rows) {
    if (row.verdict != GateVerdict::fail && row.verdict != GateVerdict::inconclusive) continue;
    for (const AcceptedChange& change : accepted) {
      if (change.metric != row.figures.metric || change.kernel != candidate.kernel) continue;
      if (change.machine != candidate.machine || change.unit != row.figures.unit) continue;
      if (change.expires < today) {  // both YYYY-MM-DD
        row.reason += fmt::format("; it had been accepted until {}", change.expires);
        continue;
      }
      if (!is_no_worse_than(row, change.value)) {
        row.reason += fmt::format("; accepted is only {}", format_value(change.value, change.unit));
        continue;
      }
      row.verdict = GateVerdict::pass;
      row.accepted = fmt::format("accepted until {}: {}", change.expires, change.reason);
      row.takes.clear();
    }
  }
}

}  // namespace aios
