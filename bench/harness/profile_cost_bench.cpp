// SPDX-License-Identifier: Apache-2.0
// What a profile costs: scenarios of a real kernel as whole runs, with and without it in turns, in processor time of
// QEMU and harness together. AIOS_TEST_KERNEL names the kernel's image; vmlinux and System.map lie beside it if there
// are any. The limit is an error: at most half as much again as the run without it.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "harness/machine/machines.h"
#include "harness/run/execute.h"
#include "harness/stats/quantile.h"

namespace aios {
namespace {

constexpr double kMostRatio = 1.5;

double processor_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
  }
  return sum;
}

class ProfiledRuns {
 public:
  ProfiledRuns(const fs::path& image, const std::string& scenario_name)
      : store_(Store::open(scratch_.path() / "store").value()) {
    const auto beside = [&](const char* name) {
      const fs::path path = image.parent_path() / name;
      return fs::exists(path) ? path : fs::path();
    };
    kernel_.name = kernel_.subject = "kernel";
    kernel_.image = image;
    kernel_.vmlinux = beside("vmlinux");
    kernel_.system_map = beside("System.map");
    kernel_.config = beside("config");
    plan_.subject = plan_.name = "kernel";
    plan_.mode = "exact";
    plan_.machine = find_machine(built_in_machines(), "qemu-exact").value();
    plan_.perturbations.resize(1);
    Scenario scenario;
    scenario.name = scenario_name;
    if (scenario_name != "boot") {
      scenario.program = "operations";
      scenario.arguments = {scenario_name};
    }
    plan_.scenarios = {scenario};
    plan_.boots = {{0, 0, 0, scenario_name}};
    env_.store = &store_;
    env_.clock = &clock_;
    env_.cancel = &cancel_;
    env_.progress = &progress_;
    env_.guest = AIOS_GUEST;
    env_.plugin = AIOS_PLUGIN;
    env_.make_machine = make_machine;
  }

  Result<double> run(bool profile) {
    env_.profile = profile;
    const double before = processor_seconds();
    const RunRecord record = TRY(execute_run(plan_, {}, kernel_, env_));
    if (record.outcome != "complete") return infra_fault(record.outcome + ": " + record.boots.at(0).error);
    if (record.boots.at(0).logs.contains("profile") != profile) return infra_fault("there is no profile");
    return processor_seconds() - before;
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

void profile_cost(benchmark::State& state, const fs::path& image, const char* scenario) {
  ProfiledRuns runs(image, scenario);
  std::vector<double> without, with;
  for (auto _ : state) {
    for (const bool profile : {false, true}) {
      const Result<double> took = runs.run(profile);
      if (!took.ok()) return state.SkipWithError(took.error().describe().c_str());
      (profile ? with : without).push_back(*took);
    }
  }
  const double ratio = stats::median(with) / stats::median(without);
  state.counters["without_s"] = stats::median(without);
  state.counters["with_s"] = stats::median(with);
  state.counters["ratio"] = ratio;
  if (ratio > kMostRatio) state.SkipWithError(fmt::format("a profile costs {:.2f} times the run", ratio).c_str());
}
[[maybe_unused]] const bool kProfileCostRegistered = [] {
  const char* image = std::getenv("AIOS_TEST_KERNEL");
  if (image == nullptr) return false;
  for (const char* scenario : {"boot", "syscall", "ipc", "process"}) {
    benchmark::RegisterBenchmark(fmt::format("profile_cost/{}", scenario).c_str(), profile_cost, fs::path(image),
                                 scenario)
        ->Iterations(3)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace aios
