// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claims.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/difference.h"
#include "harness/judge/measured.h"
#include "harness/judge/target_judge.h"
#include "harness/support/text.h"

namespace aios {
namespace {

bool suitable(const RunRecord& run, const Claim& claim) {
  if (!claim.subjects.empty()) return is_run_of(run, claim.subjects);
  // '+' adds a module, '@' asks for another version than the kernel's manifest names.
  const bool as_it_stands =
      run.append.empty() && run.sysctls.empty() && run.subject.find_first_of("+@") == std::string::npos;
  return run.kernel == claim.kernel && as_it_stands && (run.outcome == "complete" || run.outcome == "failed");
}

std::vector<const RunRecord*> newest_first(const std::vector<RunRecord>& runs) {
  std::vector<const RunRecord*> out;
  out.reserve(runs.size());
  for (const RunRecord& run : runs) out.push_back(&run);
  std::stable_sort(out.begin(), out.end(), [](const RunRecord* a, const RunRecord* b) {
    return std::pair(a->provenance.started, a->provenance.run) > std::pair(b->provenance.started, b->provenance.run);
  });
  return out;
}

std::string scenario_of(const std::string& metric) { return metric.substr(0, metric.find('.')); }

// A failed run that set out to measure this and never got there is the kernel's own miss.
bool set_out_to_measure(const RunRecord& run, const std::string& metric) {
  const auto& names = run.scenarios;
  return find_metric(run, metric) != nullptr ||
         std::find(names.begin(), names.end(), scenario_of(metric)) != names.end();
}

std::string failure_of(const RunRecord& run) {
  for (const BootRecord& boot : run.boots) {
    if (boot.ok) continue;
    return fmt::format("the kernel failed before it was measured: boot {} ended in {}{}", boot.index, boot.end_state,
                       boot.error.empty() ? "" : ": " + boot.error);
  }
  return "the kernel failed before it was measured";
}

// The worse verdict decides; of a miss everything else is beside the point.
int weight(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::missed:
      return 5;
    case VerdictKind::inconclusive:
      return 4;
    case VerdictKind::not_run:
      return 3;
    case VerdictKind::not_judged:
      return 2;
    case VerdictKind::bounded:
      return 1;
    case VerdictKind::met:
      return 0;
  }
  return 0;
}

struct Outcome {
  TargetVerdict deciding;
  bool anything = false;  // the run said something on at least one target
  bool too_slow = false;  // inconclusive, and only because emulation was slower than the limit
};

Outcome judge_on(const Claim& claim, const RunRecord& run, const std::vector<const RunRecord*>& all) {
  Outcome out;
  std::size_t checks = 0;
  bool first = true;
  bool others_open = false;
  for (const Target& target : claim.targets) {
    const std::vector<Sample> samples =
        claim.against.empty() ? measured(run, target.metric) : measured_difference(claim, target.metric, run, all);
    TargetVerdict verdict;
    if (!samples.empty()) {
      verdict = judge_target(target, samples);
      out.anything = true;
      checks += target.relation == Relation::equals_yes ? 1 : 0;
    } else if (run.outcome == "failed" &&
               set_out_to_measure(run, claim.measures.empty() ? target.metric : claim.measures)) {
      verdict = {
          .verdict = VerdictKind::missed, .unit = target.unit, .fidelity = run.fidelity, .reason = failure_of(run)};
      out.anything = true;
    } else {
      verdict = judge_target(target, samples);
    }
    const bool bound = verdict.fidelity == Fidelity::bounded;
    others_open = others_open || (verdict.verdict == VerdictKind::inconclusive && !bound);
    if (first || weight(verdict.verdict) > weight(out.deciding.verdict)) out.deciding = std::move(verdict);
    first = false;
  }
  out.too_slow = out.deciding.verdict == VerdictKind::inconclusive && !others_open;
  const bool all_met = out.deciding.verdict == VerdictKind::met;
  if (all_met && checks > 1 && out.deciding.reason.empty()) out.deciding.reason = fmt::format("all {} checks", checks);
  return out;
}

std::string where_it_could_be(const Claim& claim) {
  std::vector<std::string> parts;
  if (!claim.needs.empty()) parts.push_back("needs " + join(claim.needs, ", "));
  if (!claim.machine_file.empty()) parts.push_back(claim.machine_file + " describes a machine that would judge it");
  return parts.empty() ? "" : " (" + join(parts, "; ") + ")";
}

std::string how_to_run(const Claim& claim) {
  if (claim.targets.empty()) return "nothing measures it yet";
  const std::string& metric = claim.measures.empty() ? claim.targets.front().metric : claim.measures;
  const std::string scenario = scenario_of(metric);
  const std::string option = scenario == "build" ? "" : " --scenario " + scenario;
  const std::string& subject = claim.subjects.empty() ? claim.kernel : claim.subjects.front();
  if (!claim.against.empty()) {
    return fmt::format("no runs of {} and {} side by side have {} yet", subject, claim.against, metric);
  }
  return fmt::format("no run of {} has {} yet: aios-bench run {}{}", subject, metric, subject, option);
}

void without_a_run(ClaimVerdict& row) {
  const Claim& claim = row.claim;
  if (!claim.not_judged_reason.empty()) {
    row.verdict = VerdictKind::not_judged;
    row.reason = claim.not_judged_reason + where_it_could_be(claim);
    return;
  }
  row.verdict = VerdictKind::not_run;
  row.reason = claim.pending_reason.empty() ? how_to_run(claim) : claim.pending_reason;
}

const std::string* image_of(const RunRecord& run) {
  const auto found = run.inputs.find("kernel");
  return found == run.inputs.end() || found->second.empty() ? nullptr : &found->second;
}

// A bound once proven stands: that a busier host was slower later on takes nothing from it. It speaks for the kernel
// image that it was taken of, so only where the newest suitable run is of the same.
const RunRecord* run_that_bounds(const Claim& claim, const std::vector<const RunRecord*>& suitable_runs,
                                 const std::vector<const RunRecord*>& all, Outcome& outcome) {
  const std::string* image = suitable_runs.empty() ? nullptr : image_of(*suitable_runs.front());
  if (image == nullptr) return nullptr;
  for (const RunRecord* run : suitable_runs) {
    const std::string* other = image_of(*run);
    if (other == nullptr || *other != *image) continue;
    Outcome candidate = judge_on(claim, *run, all);
    const VerdictKind kind = candidate.deciding.verdict;
    if (kind == VerdictKind::missed) return nullptr;
    if (kind != VerdictKind::bounded && kind != VerdictKind::met) continue;
    outcome = std::move(candidate);
    return run;
  }
  return nullptr;
}

ClaimVerdict judge_claim(const Claim& claim, const std::vector<const RunRecord*>& runs) {
  ClaimVerdict row;
  row.claim = claim;
  std::vector<std::string> texts;
  for (const Target& target : claim.targets) texts.push_back(to_string(target));
  row.target_text = join(texts, " and ");
  if (!claim.targets.empty()) row.unit = claim.targets.front().unit;

  std::vector<const RunRecord*> suitable_runs;
  for (const RunRecord* run : runs) {
    if (suitable(*run, claim)) suitable_runs.push_back(run);
  }
  const RunRecord* best_run = nullptr;
  Outcome best;
  for (const RunRecord* run : suitable_runs) {
    Outcome outcome = judge_on(claim, *run, runs);
    if (!outcome.anything) continue;
    const VerdictKind kind = outcome.deciding.verdict;
    const bool judged = kind != VerdictKind::not_judged && kind != VerdictKind::not_run;
    if (best_run == nullptr || judged) {
      best_run = run;
      best = std::move(outcome);
    }
    if (judged) break;  // an older run may have had what this one lacked, but a newer verdict stands
  }
  if (best_run == nullptr) {
    without_a_run(row);
    return row;
  }
  if (best.too_slow) {
    const TargetVerdict slower = best.deciding;
    if (const RunRecord* older = run_that_bounds(claim, suitable_runs, runs, best); older != nullptr) {
      best.deciding.reason += fmt::format("; {} was slower ({}), which only says how busy the host was",
                                          best_run->provenance.run, format_value(*slower.value, slower.unit));
      best_run = older;
    }
  }
  const TargetVerdict& decided = best.deciding;
  row.verdict = decided.verdict;
  row.value = decided.value;
  row.unit = decided.unit;
  row.fidelity = decided.fidelity;
  row.run = best_run->provenance.run;
  row.reason = decided.reason;
  const bool elsewhere = decided.verdict == VerdictKind::not_judged || decided.verdict == VerdictKind::inconclusive;
  if (elsewhere) row.reason += where_it_could_be(claim);
  return row;
}

}  // namespace

std::vector<ClaimVerdict> judge_claims(const std::vector<Claim>& claims, const std::vector<RunRecord>& runs) {
  const std::vector<const RunRecord*> ordered = newest_first(runs);
  std::vector<ClaimVerdict> rows;
  rows.reserve(claims.size());
  for (const Claim& claim : claims) rows.push_back(judge_claim(claim, ordered));
  return rows;
}

}  // namespace aios
