// SPDX-License-Identifier: Apache-2.0
#include "harness/run/fault_boot.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/machine/end_state.h"
#include "harness/run/boot_start.h"
#include "harness/run/sample_assembly.h"

namespace aios {
namespace {

constexpr const char* kLastWords = "fault: the last words before the panic";
constexpr const char* kPanic = "Kernel panic - not syncing";
constexpr const char* kAfter = "--after";

bool must_panic(const Plan& plan, const PlannedBoot& boot) {
  const Scenario* scenario = plan.scenario(boot.scenario);
  return scenario != nullptr && scenario->panics;
}

// Of the same scenario, with the program told that it is the second time.
Plan plan_of_what_follows(Plan plan, const PlannedBoot& boot) {
  for (Scenario& scenario : plan.scenarios) {
    if (scenario.name == boot.scenario) scenario.arguments.emplace_back(kAfter);
  }
  return plan;
}

Sample yes_or_no(const BootAttempt& first, const PlannedBoot& boot, const std::string& name, bool yes,
                 std::string detail) {
  Sample sample;
  sample.metric = boot.scenario + "." + name;
  sample.scenario = boot.scenario;
  sample.unit = Unit::yes_no;
  sample.value = yes ? 1 : 0;
  sample.detail = std::move(detail);
  sample.boot = boot.index;
  sample.perturbation = boot.perturbation;
  sample.fidelity = fidelity_of(sample.unit, first.fidelity);
  return sample;
}

Sample log_kept(const BootAttempt& first, const PlannedBoot& boot) {
  const auto console =
      std::find_if(first.logs.begin(), first.logs.end(), [](auto& log) { return log.first == "console"; });
  const std::size_t words = console == first.logs.end() ? std::string::npos : console->second.find(kLastWords);
  const bool kept = words != std::string::npos && console->second.find(kPanic, words) != std::string::npos;
  return yes_or_no(first, boot, "panic_log_kept", kept,
                   kept ? "the last words and the panic, in the log 'panic console'" : "the log ends before the panic");
}

}  // namespace

bool panicked_as_asked(const Plan& plan, const PlannedBoot& boot, const BootAttempt& attempt) {
  return must_panic(plan, boot) && attempt.record.end_state == to_string(EndState::panic);
}

Result<BootAttempt> attempt_with_fault(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel,
                                       const std::vector<BootSymbol>& symbols, const RunEnv& env) {
  BootAttempt first = TRY(attempt_boot(plan, boot, kernel, symbols, env));
  if (!panicked_as_asked(plan, boot, first)) return first;
  const bool from_snapshot = first.record.start == kRestoredStart;
  env.progress->note(fmt::format("{}: it panicked, as asked; its log is kept, and the run goes on from {}",
                                 boot.scenario, from_snapshot ? "the saved guest" : "power-on: no guest was saved"));
  BootAttempt second = TRY(attempt_boot(plan_of_what_follows(plan, boot), boot, kernel, symbols, env));
  second.samples.insert(second.samples.begin(), log_kept(first, boot));
  if (!from_snapshot || second.record.start != kRestoredStart) {
    std::erase_if(second.samples,
                  [&](const Sample& sample) { return sample.metric == boot.scenario + ".snapshot_restored"; });
    second.record.notes.emplace_back("fault.snapshot_restored: not measured: no saved guest was used");
  } else if (second.error) {
    second.samples.push_back(yes_or_no(first, boot, "snapshot_restored", false, second.error->what));
  }
  for (auto& [name, text] : first.logs) second.logs.emplace_back("panic " + name, std::move(text));
  return second;
}

}  // namespace aios
