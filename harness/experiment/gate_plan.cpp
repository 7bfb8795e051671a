// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/experiment/budget.h"
#include "harness/experiment/gate_experiment.h"

namespace aios {
namespace {

constexpr int kLeastBlocks = 6;  // fewer give no p under 5 %

Status follow(const RunRecord& stored, const std::string& word, RunRequest& request) {
  const auto differs = [&](const char* what, const std::string& theirs, const std::string& asked) {
    return config_error(
        fmt::format("the stored run '{}' has {} '{}', and '{}' is asked for", word, what, theirs, asked), {},
        "leave the flag out, or measure both sides anew");
  };
  if (request.machine.empty()) request.machine = stored.machine;
  if (request.machine != stored.machine) return differs("machine", stored.machine, request.machine);
  if (request.mode != Mode::automatic && to_string(request.mode) != stored.mode) {
    return differs("mode", stored.mode, std::string(to_string(request.mode)));
  }
  request.mode = stored.mode == "exact" ? Mode::exact : Mode::timed;
  const bool black_box = stored.scenarios == std::vector<std::string>{"black_box"};
  if (request.scenarios.empty() && !black_box) request.scenarios = stored.scenarios;
  return {};
}

bool is_exact(const GateSide& first, const GateSide& second, const GateWishes& wishes) {
  for (const GateSide* side : {&first, &second}) {
    if (side->stored) return side->stored->mode == "exact";
  }
  return wishes.exact;
}

std::string cost_line(const GatePlan& plan, const BootCost& cost) {
  if (plan.boots == 0) return "nothing is left to measure: both sides are stored";
  return fmt::format("{} boots to make, about {} ({})", plan.boots, budget_text(plan.seconds),
                     cost.boots > 0
                         ? fmt::format("{:.1f} s a boot, from {} boots made before", cost.seconds, cost.boots)
                         : fmt::format("guessed: {:.0f} s a boot, none was made here yet", cost.seconds));
}

int stored_pairs(const GateSide& side) {
  return side.stored ? static_cast<int>(std::max<std::size_t>(1, side.stored->perturbations.size())) : 1 << 20;
}

void plan_exact(const GateSide& first, const GateSide& second, const GateWishes& wishes, const GatePolicy& policy,
                GatePlan& plan) {
  const int asked = 1 + wishes.perturb.value_or(policy.perturb);
  plan.pairs = std::max(1, std::min({asked, stored_pairs(first), stored_pairs(second)}));
  const int sides = (first.stored ? 0 : 1) + (second.stored ? 0 : 1);
  const double per_pair =
      sides * static_cast<double>(wishes.scenarios) * wishes.cost.seconds / std::max(1, wishes.jobs);
  if (wishes.budget_seconds && per_pair > 0) {
    const int fitting = static_cast<int>(*wishes.budget_seconds / per_pair);
    if (fitting < plan.pairs) {
      plan.pairs = std::max(1, fitting);
      plan.lines.push_back(
          fmt::format("the budget of {} holds {} of {} pairs", budget_text(*wishes.budget_seconds), plan.pairs, asked));
    }
  }
  plan.boots = sides * plan.pairs * static_cast<int>(wishes.scenarios);
  plan.seconds = plan.pairs * per_pair;
  plan.lines.insert(
      plan.lines.begin(),
      fmt::format("exact: {} of each scenario, both sides under the same null change{}",
                  plan.pairs == 1 ? "one pair of boots" : fmt::format("{} pairs of boots", plan.pairs),
                  plan.pairs >= 6   ? "; six that all point one way do so by chance one time in 32, and they show what "
                                      "null changes do"
                  : plan.pairs == 1 ? "; the fence of a boot is the built-in one"
                                    : ""));
}

void plan_timed(const GateSide& first, const GateSide& second, const GateWishes& wishes, const GatePolicy& policy,
                GatePlan& plan) {
  plan.in_turn = !first.stored && !second.stored;
  plan.pairs = std::max(1, wishes.boots.value_or(policy.boots));
  plan.least_pairs = std::min(plan.pairs, std::max(kLeastBlocks, policy.first_boots));
  const int sides = (first.stored ? 0 : 1) + (second.stored ? 0 : 1);
  const double per_block = sides * static_cast<double>(wishes.scenarios) * wishes.cost.seconds;
  if (wishes.budget_seconds && per_block > 0 && !plan.in_turn) {
    plan.pairs = std::max(1, std::min(plan.pairs, static_cast<int>(*wishes.budget_seconds / per_block)));
  }
  plan.boots = sides * plan.pairs * static_cast<int>(wishes.scenarios);
  plan.seconds = plan.pairs * per_block;
  if (plan.in_turn) {
    plan.lines.push_back(
        fmt::format("timed: {} to {} blocks of both sides in turn, order drawn from seed {}, until "
                    "every interval is as narrow as its margin",
                    plan.least_pairs, plan.pairs, wishes.seed));
    if (wishes.budget_seconds) {
      plan.lines.push_back(fmt::format("or until the budget of {} ends", budget_text(*wishes.budget_seconds)));
      plan.seconds = std::min(plan.seconds, *wishes.budget_seconds);
    }
  } else if (sides > 0) {
    plan.lines.push_back(fmt::format(
        "timed: {} boots of each scenario beside a stored run; not in turn, so what drifted since is not told apart",
        plan.pairs));
  }
}

}  // namespace

Result<GatePlan> plan_gate(GateSide& first, GateSide& second, const GateWishes& wishes, const GatePolicy& policy) {
  if (first.stored && second.request) TRY(follow(*first.stored, first.word, *second.request));
  if (second.stored && first.request) TRY(follow(*second.stored, second.word, *first.request));
  GatePlan plan;
  plan.exact = is_exact(first, second, wishes);
  plan.budget_seconds = wishes.budget_seconds;
  if (plan.exact) {
    plan_exact(first, second, wishes, policy, plan);
  } else {
    plan_timed(first, second, wishes, policy, plan);
  }
  for (GateSide* side : {&first, &second}) {
    if (!side->request) continue;
    side->request->perturb = plan.exact ? plan.pairs - 1 : 0;
    side->request->boots = plan.exact ? 1 : plan.pairs;
  }
  plan.lines.push_back(cost_line(plan, wishes.cost));
  return plan;
}

}  // namespace aios
