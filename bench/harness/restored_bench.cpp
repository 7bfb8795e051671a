// SPDX-License-Identifier: Apache-2.0
// What a saved guest is worth: the scenario `syscall` of a real kernel, as a whole run (plan to sealed bundle),
// restored and cold in turns. AIOS_TEST_KERNEL names the kernel's image, its configuration lies beside it. The limits
// are errors: 1.5 s restored, and less than half of cold.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "harness/machine/machines.h"
#include "harness/run/execute.h"
#include "harness/stats/quantile.h"

namespace aios {
namespace {

constexpr double kMostRestoredMilliseconds = 1500;
constexpr double kMostOfCold = 0.5;

class SyscallRuns {
 public:
  explicit SyscallRuns(const fs::path& image) : store_(Store::open(scratch_.path() / "store").value()) {
    kernel_.name = kernel_.subject = "kernel";
    kernel_.image = image;
    kernel_.config = image.parent_path() / "config";
    plan_.subject = plan_.name = "kernel";
    plan_.mode = "exact";
    plan_.machine = find_machine(built_in_machines(), "qemu-exact").value();
    plan_.perturbations.resize(1);
    Scenario scenario;
    scenario.name = "syscall";
    scenario.program = "operations";
    scenario.arguments = {"syscall"};
    plan_.scenarios = {scenario};
    plan_.boots = {{0, 0, 0, "syscall"}};
    env_.store = &store_;
    env_.clock = &clock_;
    env_.cancel = &cancel_;
    env_.progress = &progress_;
    env_.guest = AIOS_GUEST;
    env_.plugin = AIOS_PLUGIN;
    env_.hold = AIOS_HOLD;
    env_.guests = std::make_shared<SavedGuests>(store_.cache());
    env_.make_machine = make_machine;
  }

  // Milliseconds.
  Result<double> run(bool restore) {
    plan_.restore = restore;
    const Duration start = clock_.monotonic();
    const RunRecord record = TRY(execute_run(plan_, {}, kernel_, env_));
    const double took = seconds(clock_.monotonic() - start) * 1e3;
    const bool as_wanted = (record.boots.at(0).start == "restored") == restore;
    if (record.outcome == "complete" && as_wanted) return took;
    return infra_fault(fmt::format("{}, {}: {}", record.outcome, record.boots[0].start, record.boots[0].error));
  }

 private:
  ScratchFolder scratch_ = ScratchFolder::create().value();
  Store store_;
  SystemClock clock_;
  CancelToken cancel_;
  NoProgress progress_;
  BuiltKernel kernel_;
  Plan plan_;
  RunEnv env_;
};

void restored_and_cold(benchmark::State& state, const fs::path& image) {
  SyscallRuns runs(image);
  const auto first = runs.run(true);  // saves the guest
  std::vector<double> restored, cold;
  for (auto _ : state) {
    for (const bool restore : {true, false}) {
      const auto took = runs.run(restore);
      if (!first.ok() || !took.ok()) {
        state.SkipWithError((first.ok() ? took : first).error().describe().c_str());
        return;
      }
      (restore ? restored : cold).push_back(*took);
    }
  }
  state.counters["saving_ms"] = *first;
  state.counters["restored_ms"] = stats::median(restored);
  state.counters["cold_ms"] = stats::median(cold);
  state.counters["ratio"] = stats::median(restored) / stats::median(cold);
  if (stats::median(restored) > kMostRestoredMilliseconds ||
      stats::median(restored) > kMostOfCold * stats::median(cold)) {
    state.SkipWithError(
        fmt::format("over the limit: restored {:.0f} ms, cold {:.0f} ms", stats::median(restored), stats::median(cold))
            .c_str());
  }
}

[[maybe_unused]] const bool kRegistered = [] {
  const char* image = std::getenv("AIOS_TEST_KERNEL");
  if (image == nullptr) return false;
  benchmark::RegisterBenchmark("restored_and_cold", restored_and_cold, fs::path(image))
      ->Iterations(5)
      ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace aios
