// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/experiment/budget.h"
#include "harness/experiment/gate_experiment.h"
#include "harness/judge/boot_times.h"
#include "harness/stats/precision_stop.h"
#include "harness/stats/signed_rank.h"
#include "harness/stats/w_distribution.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// The times that the policy looks at, as both sides have them so far.
std::vector<MetricPair> judged_times(const RunRecord& first, const RunRecord& second, const GatePolicy& policy) {
  std::vector<MetricPair> out;
  for (const Metric& metric : first.metrics) {
    if (policy.rule_for(metric.name).action == GateAction::ignore) continue;
    MetricPair pair;
    pair.metric = metric;
    pair.interleaved = true;
    pair.first = samples_of(first, metric.name);
    pair.second = samples_of(second, metric.name);
    if (pair.first.empty() || pair.second.empty()) continue;
    const Sample& sample = *pair.first.front();
    const bool timed =
        sample.fidelity == Fidelity::timed && (sample.unit == Unit::nanoseconds || sample.unit == Unit::cycles);
    if (timed) out.push_back(std::move(pair));
  }
  return out;
}

double margin_of(const MetricPair& pair, const GatePolicy& policy) {
  const GateRule& rule = policy.rule_for(pair.metric.name);
  return rule.margin_percent.value_or(policy.timed_margin_percent) / 100;
}

// Looks at the width of the intervals and never at where they lie, so that looking costs nothing.
class PrecisionWatch {
 public:
  PrecisionWatch(const GatePlan& plan, const GatePolicy& policy, const Measurer& measurer)
      : plan_(plan), policy_(policy), measurer_(measurer), began_(measurer.clock->monotonic()) {}

  bool enough(const RunRecord& first, const RunRecord& second, int blocks) {
    const double spent = seconds(measurer_.clock->monotonic() - began_);
    const double per_block = spent / blocks;
    if (plan_.budget_seconds && spent + per_block > *plan_.budget_seconds) {
      ended_ = fmt::format("the budget of {} ended after {} blocks", budget_text(*plan_.budget_seconds), blocks);
      return true;
    }
    const auto pairs = judged_times(first, second, policy_);
    if (pairs.empty()) return false;
    // What must be significant among so many tests needs blocks enough to be.
    const int least =
        std::max(plan_.least_pairs, stats::pairs_needed(policy_.level / static_cast<double>(pairs.size())));
    if (blocks < least) return false;
    int expected = 0;
    for (const MetricPair& pair : pairs) {
      const BootTimes times = boot_times(pair);
      const auto ratios = stats::log_ratios(times.first, times.second);
      if (!ratios.ok()) continue;
      stats::PrecisionGoal goal;
      goal.margin = margin_of(pair, policy_);
      goal.confidence = policy_.confidence;
      goal.least_blocks = least;
      const auto precision = stats::precision_of(*ratios, goal);
      if (!precision.ok() || precision->reached) continue;
      expected = std::max(expected, std::max(blocks + 1, precision->blocks_expected));
    }
    if (expected == 0) {
      ended_ = fmt::format("precise enough after {} of at most {} blocks", blocks, plan_.pairs);
      return true;
    }
    measurer_.progress->step({"blocks until precise enough", static_cast<std::uint64_t>(blocks),
                              static_cast<std::uint64_t>(std::min(expected, plan_.pairs)),
                              per_block * (std::min(expected, plan_.pairs) - blocks)});
    return false;
  }
  const std::string& ended() const { return ended_; }

 private:
  const GatePlan& plan_;
  const GatePolicy& policy_;
  const Measurer& measurer_;
  Duration began_;
  std::string ended_;
};

Result<RunRecord> baseline_of(const GateSide& side, const Measurer& measurer) {
  if (side.stored) return *side.stored;
  auto run = measurer.measure(*side.request);
  if (run.ok() || run.error().kind != ErrorKind::kernel_fault) return run;
  // The candidate is not red for it.
  return config_error(fmt::format("the baseline '{}' cannot be measured: {}", side.word, run.error().what),
                      run.error().where, "name a baseline that builds and boots");
}

}  // namespace

Result<GateOutcome> measure_gate(const GateSide& first, const GateSide& second, const GatePlan& plan,
                                 const GateWishes& wishes, const GatePolicy& policy, const Measurer& measurer) {
  GateOutcome out;
  if (plan.in_turn && measurer.measure_in_turn) {
    PrecisionWatch watch(plan, policy, measurer);
    Interleaving how;
    how.seed = wishes.seed;
    how.enough = [&watch](const RunRecord& a, const RunRecord& b, int blocks) { return watch.enough(a, b, blocks); };
    InterleavedRuns both = TRY(measurer.measure_in_turn(*first.request, *second.request, how));
    if (!watch.ended().empty()) out.notes.push_back(watch.ended());
    out.first = std::move(both.first);
    out.second = std::move(both.second);
    return out;
  }
  out.first = TRY(baseline_of(first, measurer));
  out.second = second.stored ? *second.stored : TRY(measurer.measure(*second.request));
  if (!plan.exact && !interleaved(out.first, out.second)) {
    out.notes.emplace_back("the two sides were not measured in turn: what drifted between them counts as a difference");
  }
  return out;
}

}  // namespace aios
