// SPDX-License-Identifier: Apache-2.0
#include "harness/run/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <future>

#include "harness/machine/host/conditions.h"
#include "harness/model/machine_settings.h"
#include "harness/run/boot_start.h"
#include "harness/run/build_samples.h"
#include "harness/run/fault_boot.h"
#include "harness/run/host_facts.h"
#include "harness/run/run_inputs.h"
#include "harness/run/sample_assembly.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::uint64_t kMaxAudit = 16U << 20;

Result<std::string> audit_of(const BuiltKernel& kernel) {
  if (kernel.audit.empty() || !fs::exists(kernel.audit)) return std::string();
  return read_file(kernel.audit, kMaxAudit);
}

// What is known without a boot goes with the first boot that it belongs to.
void add_host_samples(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel, const std::string& audit,
                      BootAttempt& attempt) {
  if (attempt.error || plan.black_box) return;
  std::vector<Sample> more;
  if (boot.index == 0) more = build_samples(audit);
  if (boot.scenario == "footprint") {
    for (Sample& sample : file_size_samples(kernel)) more.push_back(std::move(sample));
  }
  for (Sample& sample : more) {
    sample.boot = boot.index;
    sample.perturbation = boot.perturbation;
    sample.fidelity = Fidelity::exact;
    attempt.samples.push_back(std::move(sample));
  }
}

// What decides how fast this host is, and how much that varies: with every figure that hangs on it.
void note_conditions(const Plan& plan, const RunEnv& env, RunRecord& head) {
  if (plan.exact()) return;
  const host::Conditions conditions = host::read_conditions();
  for (const auto& [name, value] : host::to_map(conditions)) head.provenance.extra["host " + name] = value;
  if (plan.on_running_kernel()) head.inputs["mitigations"] = conditions.mitigations;
  if (!plan.black_box && plan.machine.fidelity == Fidelity::timed) {
    for (const std::string& doubt : host::doubts(conditions)) env.progress->note(doubt);
  }
}

// Its wall clock is a figure too, if only a bound.
bool wants_the_host(const PlannedBoot& boot) { return boot.scenario == "boot"; }

}  // namespace

Result<RunRecord> head_of_run(const Plan& plan, const BuiltKernel& kernel, const RunEnv& env) {
  RunRecord head;
  head.subject = plan.subject;
  head.kernel = kernel.name;
  head.kernel_version = kernel.version;
  head.label = plan.label;
  head.machine = plan.machine.name;
  head.fidelity = plan.machine.fidelity;
  head.mode = plan.mode;
  for (const Scenario& scenario : plan.scenarios) head.scenarios.push_back(scenario.name);
  head.append = plan.append;
  for (const std::string& pair : plan.sysctls) {
    const auto equals = pair.find('=');
    head.sysctls[pair.substr(0, equals)] = equals == std::string::npos ? "" : pair.substr(equals + 1);
  }
  head.perturbations = plan.perturbations;
  head.config_audit_json = TRY(audit_of(kernel));
  head.metrics = metrics_of(plan, !head.config_audit_json.empty());
  head.inputs = TRY(run_inputs(*env.store, plan, kernel, env.plugin));
  const HostFacts host = host_facts();
  head.provenance.host = host.name;
  head.provenance.host_kernel = host.kernel;
  head.provenance.host_cpu = host.cpu;
  note_conditions(plan, env, head);
  head.provenance.command_line = env.command_line;
  head.provenance.harness_version = env.harness_version;
  for (const auto& [name, value] : machine_settings(plan.machine)) head.provenance.extra["machine " + name] = value;
  if (!kernel.provenance_json.empty()) head.provenance.extra["build"] = kernel.provenance_json;
  head.provenance.extra["kernel_from_cache"] = kernel.from_cache ? "yes" : "no";
  return head;
}

Executor::Executor(const Plan& plan, const BuiltKernel& kernel, const RunEnv& env, std::vector<BootSymbol> symbols,
                   RunWriter& writer)
    : plan_(plan), kernel_(kernel), progress_(*env.progress), env_(env), symbols_(std::move(symbols)), writer_(writer) {
  env_.progress = &progress_;
  const bool side_by_side = plan.exact() && !plan.black_box;
  jobs_ = side_by_side ? static_cast<std::size_t>(std::max(1, env.jobs)) : 1;
}

Status Executor::run_all() {
  std::vector<const PlannedBoot*> left;
  for (const PlannedBoot& boot : plan_.boots) {
    if (!writer_.has(boot.index)) left.push_back(&boot);
  }
  std::deque<std::pair<const PlannedBoot*, std::future<Result<BootAttempt>>>> flying;
  std::size_t next = 0;
  while (!stop_ && (next < left.size() || !flying.empty())) {
    while (next < left.size() && flying.size() < jobs_ &&
           (flying.empty() || !(wants_the_host(*left[next]) || wants_the_host(*flying.back().first)))) {
      const PlannedBoot* boot = left[next++];
      say(*boot);
      // Alone it runs when it is asked for, on this thread.
      const auto how = jobs_ > 1 ? std::launch::async : std::launch::deferred;
      flying.emplace_back(boot, std::async(how, [this, boot] { return with_retries(*boot); }));
    }
    auto [boot, future] = std::move(flying.front());
    flying.pop_front();
    TRY(take(*boot, future.get()));
  }
  return {};
}

Status Executor::run_one(const PlannedBoot& boot) {
  if (stop_ || writer_.has(boot.index)) return {};
  say(boot);
  return take(boot, with_retries(boot));
}

void Executor::say(const PlannedBoot& boot) {
  const auto& change = plan_.perturbations[static_cast<std::size_t>(boot.perturbation)];
  progress_.phase(fmt::format("{}: boot {} of {}: {}{}{}", plan_.name, boot.index + 1, plan_.boots.size(),
                              boot.scenario, may_be_restored(plan_, boot, kernel_, env_) ? ", from a saved guest" : "",
                              change.index == 0 ? "" : fmt::format(" ({})", change.description)));
}

Result<BootAttempt> Executor::with_retries(const PlannedBoot& boot) {
  for (int attempt = 1;; ++attempt) {
    TRY(env_.cancel->check());
    BootAttempt done = TRY(attempt_with_fault(plan_, boot, kernel_, symbols_, env_));
    done.record.attempts = attempt;
    if (!done.error || !done.worth_another_try || attempt > env_.retries) return done;
    progress_.note(fmt::format("{}: the lab failed, trying again: {}", boot.scenario, done.error->what));
  }
}

// Only a known-good kernel on the same machine makes silence the kernel's fault.
void Executor::blame_silence(BootAttempt& attempt) {
  if (attempt.record.end_state != to_string(EndState::silence) || !env_.known_good) return;
  if (!known_good_) {
    progress_.phase("it never said anything: does a kernel known to be good boot on this machine?");
    known_good_ = env_.known_good().ok();
  }
  if (*known_good_) attempt.error->kind = ErrorKind::kernel_fault;
  attempt.record.notes.emplace_back(*known_good_ ? "a kernel known to be good boots on this machine"
                                                 : "a kernel known to be good does not boot on this machine either");
}

Status Executor::take(const PlannedBoot& boot, Result<BootAttempt> made) {
  BootAttempt attempt = TRY(std::move(made));
  if (attempt.error) blame_silence(attempt);
  add_host_samples(plan_, boot, kernel_, writer_.run().config_audit_json, attempt);
  const bool never_ran = attempt.error && attempt.error->kind == ErrorKind::kernel_fault && !attempt.reached_init;
  const bool lab = attempt.error && (attempt.error->kind == ErrorKind::infra_fault ||  //
                                     attempt.error->kind == ErrorKind::config);
  if (attempt.error) {
    for (const std::string& line : split(attempt.error->describe(), '\n')) progress_.note(line);
  }
  TRY(writer_.add(std::move(attempt)));
  // Further boots of a kernel that does not come up, or in a lab that does not work or suit, would only fail alike.
  stop_ = stop_ || lab || never_ran;
  return {};
}

std::string Executor::outcome() const {
  bool failed = false;
  for (const BootRecord& boot : writer_.run().boots) {
    if (boot.error_kind == to_string(ErrorKind::infra_fault)) return "infra";
    if (boot.error_kind == to_string(ErrorKind::config)) return "config";
    failed = failed || !boot.ok || !boot.scenarios_failed.empty();
  }
  return failed ? "failed" : "complete";
}

Result<RunRecord> seal_run(RunWriter& writer, const Plan& plan, const std::string& outcome) {
  RunRecord run = TRY(writer.seal(outcome));
  for (const BootRecord& boot : run.boots) {
    // Nobody's kernel is red for it: the choice was wrong. What was seen is kept.
    if (boot.error_kind != to_string(ErrorKind::config)) continue;
    return config_error(fmt::format("{}: {}: {}", plan.name, boot.end_state, boot.error), plan.machine.name,
                        fmt::format("choose another --machine, or another kernel; what was seen: aios-bench log {}",
                                    run.provenance.run));
  }
  return run;
}

Error leave_run(RunWriter& writer, Error error) {
  writer.abandon();
  if (!writer.run().boots.empty() && error.hint.empty()) {
    error.hint =
        fmt::format("what was measured is kept; go on with: aios-bench run --resume {}", writer.run().provenance.run);
  }
  return error;
}

}  // namespace aios
