// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "harness/judge/boot_times.h"
#include "harness/judge/compare.h"
#include "harness/judge/gate_row.h"
#include "harness/stats/benjamini_hochberg.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::array<std::string_view, 5> kVerdicts = {"pass", "fail", "inconclusive", "infrastructure", "not judged"};

bool measures_time(const ComparisonRow& row) { return row.unit == Unit::nanoseconds || row.unit == Unit::cycles; }

Status check_comparable(const Comparison& comparison) {
  if (comparison.comparable) return {};
  return config_error(fmt::format("the two sides cannot be held against each other: {}", comparison.reason), {},
                      "measure both sides on the same machine, with the same tools");
}

void gate_yes_no(GateRow& row) {
  const ComparisonRow& figures = row.figures;
  if (figures.change == Change::not_compared) return;
  row.verdict = figures.change == Change::worse ? GateVerdict::fail : GateVerdict::pass;
  if (figures.change == Change::worse) row.reason = "it was yes, and is no";
  if (!figures.reason.empty()) row.reason += (row.reason.empty() ? "" : ": ") + figures.reason;
}

// A figure that is only there on one side.
void gate_one_sided(const std::map<std::string, GateVerdict>& broken, GateRow& row) {
  row.reason = row.figures.reason;
  if (broken.contains(row.figures.scenario)) {
    row.reason = fmt::format("see runs.{}", row.figures.scenario);
    return;
  }
  if (row.figures.change == Change::inconclusive) {
    row.verdict = GateVerdict::inconclusive;
    row.takes = "a candidate that reports it, or a rule that ignores it";
    return;
  }
  row.reason = row.figures.change == Change::only_in_second ? "new: the baseline has no figure of it"
                                                            : "the candidate did not set out to measure it";
}

// The adjusted q of every time, family by family. Returns how many tests each family had.
std::map<std::string, std::size_t> adjust_families(const GatePolicy& policy, std::vector<GateRow>& rows) {
  std::map<std::string, std::vector<GateRow*>> families;
  for (GateRow& row : rows) {
    if (row.action == GateAction::ignore || !row.figures.p || !measures_time(row.figures)) continue;
    families[policy.rule_for(row.figures.metric).family].push_back(&row);
  }
  std::map<std::string, std::size_t> sizes;
  for (auto& [name, members] : families) {
    sizes[name] = members.size();
    std::vector<double> p;
    p.reserve(members.size());
    for (const GateRow* row : members) p.push_back(*row->figures.p);
    const auto q = stats::benjamini_hochberg(p);
    for (std::size_t i = 0; q.ok() && i < members.size(); ++i) members[i]->q = (*q)[i];
  }
  return sizes;
}

class Gate {
 public:
  Gate(const RunRecord& first, const RunRecord& second, const GateInputs& inputs)
      : first_(first), second_(second), inputs_(inputs), perturbations_(paired_perturbations(first, second)) {}

  void judge(const Comparison& comparison, GateReport& report) {
    const auto broken = judge_boots(first_, second_, report.rows);
    std::vector<GateRow> rows;
    for (const ComparisonRow& figures : comparison.rows) {
      GateRow row;
      row.figures = figures;
      row.action = inputs_.policy.rule_for(figures.metric).action;
      rows.push_back(std::move(row));
    }
    const auto sizes = adjust_families(inputs_.policy, rows);
    for (GateRow& row : rows) judge_row(broken, sizes, row);
    if (inputs_.reference != nullptr) judge_creep(*inputs_.reference, second_, inputs_.policy, rows);
    apply_accepted(second_, inputs_.accepted, inputs_.today, rows);
    report.rows.insert(report.rows.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  }

 private:
  void judge_row(const std::map<std::string, GateVerdict>& broken, const std::map<std::string, std::size_t>& sizes,
                 GateRow& row) const {
    const ComparisonRow& figures = row.figures;
    if (row.action == GateAction::ignore) {
      row.reason = "the policy ignores it";
      return;
    }
    if (figures.first_samples == 0 || figures.second_samples == 0) return gate_one_sided(broken, row);
    if (figures.unit == Unit::yes_no) {
      row.reason = figures.change == Change::not_compared ? figures.reason : "";
      return gate_yes_no(row);
    }
    if (figures.change == Change::not_compared) {
      row.reason = figures.reason;
      return;
    }
    GateMetric metric;
    metric.first = &first_;
    metric.second = &second_;
    metric.shifts = inputs_.shifts.get();
    metric.rule = &inputs_.policy.rule_for(figures.metric);
    metric.perturbations = perturbations_;
    metric.pair.metric = {.name = figures.metric,
                          .unit = figures.unit,
                          .direction = figures.direction,
                          .kind = figures.kind,
                          .scenario = figures.scenario};
    metric.pair.first = samples_of(first_, figures.metric);
    metric.pair.second = samples_of(second_, figures.metric);
    metric.pair.interleaved = interleaved(first_, second_);
    if (inputs_.fence) metric.learned_fence = inputs_.fence(figures.metric);
    if (!measures_time(figures)) return gate_counts(metric, row);
    const auto size = sizes.find(metric.rule->family);
    gate_times(metric, inputs_.policy, size == sizes.end() ? 1 : size->second, row);
  }

  const RunRecord& first_;
  const RunRecord& second_;
  const GateInputs& inputs_;
  std::vector<PerturbationPair> perturbations_;
};

void judge_whole(GateReport& report) {
  std::map<GateVerdict, int> blocking;
  std::map<GateVerdict, int> all;
  int warned = 0;
  for (const GateRow& row : report.rows) {
    ++all[row.verdict];
    if (row.action == GateAction::block) ++blocking[row.verdict];
    if (row.action == GateAction::warn && row.verdict == GateVerdict::fail) ++warned;
  }
  const auto some = [&](GateVerdict which) { return blocking[which] > 0; };
  // What the kernel did stands, whatever else the lab broke.
  report.verdict = some(GateVerdict::fail)             ? GateVerdict::fail
                   : some(GateVerdict::infrastructure) ? GateVerdict::infrastructure
                   : some(GateVerdict::inconclusive)   ? GateVerdict::inconclusive
                   : some(GateVerdict::pass)           ? GateVerdict::pass
                                                       : GateVerdict::inconclusive;
  std::vector<std::string> parts;
  for (const GateVerdict which : {GateVerdict::fail, GateVerdict::infrastructure, GateVerdict::inconclusive,
                                  GateVerdict::pass, GateVerdict::not_judged}) {
    if (all[which] > 0) parts.push_back(fmt::format("{} {}", all[which], to_string(which)));
  }
  report.reason = parts.empty() ? "the runs have no metric in common" : join(parts, ", ");
  if (warned > 0) report.reason += fmt::format(" ({} of the failed only warn)", warned);
  constexpr std::array<int, 5> kCodes = {0, 1, 4, 3, 4};
  report.exit_code = kCodes[static_cast<std::size_t>(report.verdict)];
}

std::string extra_of(const RunRecord& run, const char* key) {
  const auto found = run.provenance.extra.find(key);
  return found == run.provenance.extra.end() ? "" : found->second;
}

}  // namespace

std::string_view to_string(GateVerdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }

int GateReport::count(GateVerdict which) const {
  return static_cast<int>(
      std::count_if(rows.begin(), rows.end(), [which](const GateRow& row) { return row.verdict == which; }));
}

int worse_sign(Direction direction) {
  return direction == Direction::lower_is_better ? 1 : direction == Direction::higher_is_better ? -1 : 0;
}

Result<GateReport> judge_gate(const RunRecord& first, const RunRecord& second, const GateInputs& inputs) {
  CompareOptions options;
  options.alpha = inputs.policy.level;
  options.confidence = inputs.policy.confidence;
  options.timed_margin = inputs.policy.timed_margin_percent / 100;
  const Comparison comparison = compare_runs(first, second, options);
  TRY(check_comparable(comparison));
  GateReport report;
  report.first_run = comparison.first_run;
  report.second_run = comparison.second_run;
  report.first_subject = comparison.first_subject;
  report.second_subject = comparison.second_subject;
  report.first_name = comparison.first_name;
  report.second_name = comparison.second_name;
  report.mode = second.mode;
  report.machine = second.machine;
  report.differences = comparison.differences;
  report.policy = inputs.policy.source;
  report.level = inputs.policy.level;
  report.confidence = inputs.policy.confidence;
  report.power = inputs.policy.power;
  report.paired = interleaved(first, second);
  report.seed = extra_of(second, "block_seed");
  report.order = extra_of(second, "block_order");
  if (inputs.reference != nullptr) {
    TRY(check_comparable(compare_runs(*inputs.reference, second, options)));
    report.reference_run = inputs.reference->provenance.run;
  }
  Gate(first, second, inputs).judge(comparison, report);
  for (const GateRow& row : report.rows) {
    report.pairs =
        std::max({report.pairs, row.figures.pairs, std::min(row.figures.first_samples, row.figures.second_samples)});
  }
  judge_whole(report);
  report.promise = promise_of(report);
  return report;
}

}  // namespace aios
