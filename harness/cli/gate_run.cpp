// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/gate_run.h"

#include <fmt/format.h>

#include <charconv>
#include <thread>

#include "harness/cli/command.h"
#include "harness/cli/machine_list.h"
#include "harness/cli/measure.h"
#include "harness/cli/scenario_list.h"
#include "harness/cli/stored_runs.h"
#include "harness/experiment/budget.h"
#include "harness/experiment/calibration.h"
#include "harness/manifest/gate_policy_manifest.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/store/verdict_note.h"

namespace aios {
namespace {

Result<std::uint64_t> seed_of(const std::string& text) {
  if (text.empty()) return std::uint64_t{1};
  std::uint64_t seed = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (code == std::errc() && end == text.data() + text.size()) return seed;
  return config_error(fmt::format("'{}' is no seed", text), "--seed", "a whole number");
}

// What the planner makes of a request: machine, mode and scenarios, before anything is built.
Result<Plan> draft_plan(const Context& context, const RunRequest& request) {
  Catalogue catalogue;
  catalogue.scenarios = TRY(scenario_list(context, request.scenarios, false));
  catalogue.machines = TRY(machine_list(context));
  std::optional<Kernel> kernel;
  if (!request.subject.is_image()) kernel = TRY(find_kernel(context.paths.kernels(), request.subject.kernel));
  return make_plan(request, catalogue, kernel ? &*kernel : nullptr);
}

Result<GateWishes> wishes_of(const Context& context, Store& store, const GateFlags& flags, const GateSide& first,
                             const GateSide& second) {
  GateWishes wishes;
  if (!flags.budget.empty()) wishes.budget_seconds = TRY(parse_budget(flags.budget, "--budget"));
  if (flags.run.perturb < -1) return config_error("fewer than none cannot be made", "--perturb", "0 or more");
  if (flags.run.boots < 0) return config_error("fewer than none cannot be made", "--boots", "1 or more");
  if (flags.run.perturb >= 0) wishes.perturb = flags.run.perturb;
  if (flags.run.boots > 0) wishes.boots = flags.run.boots;
  wishes.seed = TRY(seed_of(flags.seed));
  wishes.jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const GateSide& measured = second.request ? second : first;
  if (!measured.request) return wishes;
  RunRequest request = *measured.request;
  const GateSide& other = second.request ? first : second;
  if (other.stored && request.machine.empty()) request.machine = other.stored->machine;
  if (other.stored && request.scenarios.empty() && !request.subject.is_image()) {
    request.scenarios = other.stored->scenarios;
  }
  const Plan plan = TRY(draft_plan(context, request));
  std::vector<std::string> scenarios;
  for (const Scenario& scenario : plan.scenarios) scenarios.push_back(scenario.name);
  wishes.exact = plan.exact();
  wishes.scenarios = std::max<std::size_t>(1, scenarios.size());
  wishes.cost = learn_boot_cost(TRY(recent_runs(context, store)), request.subject.kernel, plan.machine.name, scenarios);
  return wishes;
}

Measurer measurer_of(const Context& context, Store& store) {
  Measurer out;
  out.measure = [&](const RunRequest& request) { return measure(context, store, request); };
  out.measure_in_turn = [&](const RunRequest& first, const RunRequest& second, const Interleaving& how) {
    return measure_in_turn(context, store, first, second, how);
  };
  out.clock = &context.clock;
  out.cancel = &context.cancel;
  out.progress = &context.progress;
  return out;
}

Result<GateReport> judge_outcome(const Context& context, Store& store, const GateFlags& flags, const GatePolicy& policy,
                                 GateOutcome outcome) {
  GateInputs inputs;
  inputs.policy = policy;
  inputs.today = utc_time(context.clock.unix_seconds()).substr(0, 10);
  inputs.accepted = TRY(read_accepted(accepted_file(flags, policy)));
  const std::string word = flags.reference.empty() ? policy.reference : flags.reference;
  std::optional<RunRecord> reference;
  if (!word.empty()) reference = TRY(gate_reference(context, store, word));
  if (reference) inputs.reference = &*reference;
  const auto taught = load_calibration(store, outcome.second.machine, outcome.second.kernel);
  if (taught && taught->mode == outcome.second.mode) {
    inputs.fence = [&taught](const std::string& metric) { return taught->fence_for(metric); };
    outcome.notes.push_back(
        fmt::format("how far null changes move a figure was taught by the calibration of {}", taught->date));
  }
  GateReport report = TRY(judge_gate(outcome.first, outcome.second, inputs));
  report.notes = std::move(outcome.notes);
  return report;
}

void remember(const Context& context, const Store& store, const GateReport& report) {
  std::error_code code;
  if (!fs::exists(store.run_folder(report.second_run), code)) return;  // it came from a file
  const Status written =
      write_verdict(store, {report.second_run, report.first_run, std::string(to_string(report.verdict)),
                            utc_time(context.clock.unix_seconds())});
  if (!written.ok()) context.progress.note(fmt::format("the verdict is not remembered: {}", written.error().what));
}

// `gate last-good:main aios --label main` where no run of main is known: this one is the first.
Result<bool> is_first(Store& store, const GateFlags& flags) {
  if (!flags.first.starts_with("last-good:") || flags.run.label != flags.first.substr(10)) return false;
  RunFilter filter;
  filter.label = flags.run.label;
  filter.outcome = "complete";
  return !TRY(store.newest(filter)).has_value();
}

Result<std::optional<GateReport>> first_run(const Context& context, Store& store, const GateFlags& flags,
                                            const GatePolicy& policy) {
  GateSide side = TRY(gate_side(context, store, flags.second, flags, flags.of_candidate));
  if (!side.request) return config_error("the first run of a branch has to be measured", flags.second);
  side.request->perturb = side.request->mode == Mode::timed ? 0
                          : flags.run.perturb >= 0          ? flags.run.perturb
                                                            : policy.perturb;
  side.request->boots = flags.run.boots;
  context.progress.note(fmt::format("plan: the first run of '{}', with nothing to hold it against", flags.run.label));
  if (flags.plan_only) return std::optional<GateReport>();
  const RunRecord run = TRY(measure(context, store, *side.request));
  GateReport report;
  report.second_run = run.provenance.run;
  report.second_subject = report.second_name = run.subject;
  report.first_name = report.first_subject = flags.first;
  report.mode = run.mode;
  report.machine = run.machine;
  report.policy = policy.source;
  report.verdict = GateVerdict::not_judged;
  report.reason = fmt::format("the first run of '{}': later ones are held against it", flags.run.label);
  report.promise = "this run could have caught nothing";
  report.exit_code = exit_code_of(context, run);
  return std::optional(std::move(report));
}

// A candidate that does not build, or a lab that does not work: no run to judge, but a verdict that CI systems show.
GateReport report_of(const Error& error, const GateFlags& flags, const GatePlan& plan, const GatePolicy& policy) {
  const bool kernel = error.kind == ErrorKind::kernel_fault;
  GateReport report;
  report.first_name = report.first_subject = flags.first;
  report.second_name = report.second_subject = flags.second;
  report.mode = plan.exact ? "exact" : "timed";
  report.policy = policy.source;
  report.verdict = kernel ? GateVerdict::fail : GateVerdict::infrastructure;
  report.reason = kernel ? "the candidate cannot be measured" : "the lab failed";
  report.promise = "this run could have caught nothing else";
  report.exit_code = kernel ? kExitRegression : kExitInfrastructure;
  GateRow row;
  row.figures.metric = "runs";
  row.figures.unit = Unit::yes_no;
  row.verdict = report.verdict;
  row.reason = error.what;
  if (!kernel) row.takes = "the same gate again, once the lab is well: aios-bench doctor";
  report.rows.push_back(std::move(row));
  return report;
}

}  // namespace

Result<std::optional<GateReport>> run_gate(const Context& context, Store& store, const GateFlags& flags) {
  const GatePolicy policy = TRY(read_gate_policy(flags.policy));
  (void)TRY(read_accepted(accepted_file(flags, policy)));  // what is misspelt must not wait for the boots
  if (TRY(is_first(store, flags))) return first_run(context, store, flags, policy);
  GateSide first = TRY(gate_side(context, store, flags.first, flags, flags.of_baseline));
  GateSide second = TRY(gate_side(context, store, flags.second, flags, flags.of_candidate));
  if (first.request) first.request->label.clear();  // the label is the candidate's
  const GateWishes wishes = TRY(wishes_of(context, store, flags, first, second));
  const GatePlan plan = TRY(plan_gate(first, second, wishes, policy));
  for (const std::string& line : plan.lines) context.progress.note("plan: " + line);
  if (flags.plan_only) return std::optional<GateReport>();
  auto outcome = measure_gate(first, second, plan, wishes, policy, measurer_of(context, store));
  if (!outcome.ok()) {
    const ErrorKind kind = outcome.error().kind;
    if (kind != ErrorKind::kernel_fault && kind != ErrorKind::infra_fault) return std::move(outcome).error();
    context.progress.note(outcome.error().describe());
    return std::optional(report_of(outcome.error(), flags, plan, policy));
  }
  GateReport report = TRY(judge_outcome(context, store, flags, policy, std::move(*outcome)));
  remember(context, store, report);
  return std::optional(std::move(report));
}

}  // namespace aios
