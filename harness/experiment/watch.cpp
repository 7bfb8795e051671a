// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/watch.h"

#include <fmt/format.h>

#include "harness/judge/compare.h"

namespace aios {
namespace {

// A run whose boots did not go through says nothing on its figures.
Error failure_of(const RunRecord& run) {
  for (const BootRecord& boot : run.boots) {
    if (boot.ok) continue;
    const std::string what = fmt::format("{}: {}: {}", boot.scenario, boot.end_state, boot.error);
    return boot.error_kind == to_string(ErrorKind::kernel_fault) ? kernel_fault(what) : infra_fault(what);
  }
  for (const BootRecord& boot : run.boots) {
    if (boot.scenarios_failed.empty()) continue;
    return kernel_fault(fmt::format("{}: the scenario failed in the guest", boot.scenarios_failed.front()));
  }
  return infra_fault(fmt::format("the run ended '{}'", run.outcome));
}

class WatchState {
 public:
  // False: measuring was interrupted.
  Result<bool> measure(const RunRequest& request, const Measurer& measurer, WatchRound& round) {
    Result<RunRecord> made = measurer.measure(request);
    if (measurer.cancel->cancelled()) return false;
    if (!made.ok()) {
      if (made.error().kind == ErrorKind::interrupted) return false;
      // Nothing that is saved in the source can put right what was asked for.
      if (round.number == 0 && made.error().kind == ErrorKind::config) return std::move(made).error();
      round.failure = std::move(made).error();
      return true;
    }
    if (made->outcome != "complete") {
      round.failure = failure_of(*made);
      return true;
    }
    round.run = std::move(made).value();
    round.baseline = !baseline_;
    if (baseline_) round.to_baseline = compare_runs(*baseline_, *round.run);
    if (last_) round.to_last = compare_runs(*last_, *round.run);
    if (!baseline_) baseline_ = round.run;
    last_ = round.run;
    return true;
  }

 private:
  std::optional<RunRecord> baseline_, last_;
};

}  // namespace

Result<int> watch_loop(const RunRequest& request, const Measurer& measurer, const WatchInputs& inputs) {
  WatchState state;
  for (int number = 0;; ++number) {
    WatchRound round;
    round.number = number;
    round.saved.at = measurer.clock->monotonic();
    if (number > 0) {
      Result<SavedFiles> saved = inputs.wait();
      if (!saved.ok() && saved.error().kind == ErrorKind::interrupted) return number;
      round.saved = TRY(std::move(saved));
    }
    if (!TRY(state.measure(request, measurer, round))) return number;
    round.seconds = seconds(measurer.clock->monotonic() - round.saved.at);
    inputs.show(round);
  }
}

}  // namespace aios
