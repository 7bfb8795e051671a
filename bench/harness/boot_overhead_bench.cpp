// SPDX-License-Identifier: Apache-2.0
// What the harness costs on top of QEMU: the same machine with the same guest, spawned by hand and through a whole run
// (plan to sealed bundle), in turns, so that a busy host burdens both alike. The guest says that it is done and powers
// off, so that nearly all of its time is QEMU's own start. The limits are errors: 50 ms a boot, 40 MB of memory.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <vector>

#include "harness/machine/machines.h"
#include "harness/machine/qemu/command_line.h"
#include "harness/run/boot_recipe.h"
#include "harness/run/execute.h"
#include "harness/stats/quantile.h"
#include "harness/support/process.h"

namespace aios {
namespace {

constexpr double kMostMilliseconds = 50;
constexpr double kMostMegabytes = 40;

double own_peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

class Bench {
 public:
  Bench() : store_(Store::open(scratch_.path() / "store").value()) {
    kernel_.name = kernel_.subject = "done";
    kernel_.image = AIOS_DONE_IMAGE;
    plan_.subject = plan_.name = "done";
    plan_.mode = "exact";
    plan_.machine = find_machine(built_in_machines(), "qemu-exact").value();
    plan_.perturbations.resize(1);
    Scenario boot;
    boot.name = "boot";
    plan_.scenarios = {boot};
    plan_.boots = {{0, 0, 0, "boot"}};
    env_.store = &store_;
    env_.clock = &clock_;
    env_.cancel = &cancel_;
    env_.progress = &progress_;
    env_.plugin = AIOS_PLUGIN;
    env_.make_machine = make_machine;
    // The tiny kernel takes no initramfs; the time to write one is in nonetheless.
    env_.make_initramfs = [](const Plan&, const PlannedBoot&, const fs::path& out) {
      return write_image(out, {"none"});
    };
  }

  Status by_hand() {
    const fs::path folder = scratch_.path();
    BootRecipe recipe = TRY(boot_recipe(plan_, plan_.boots[0], kernel_, folder / "initrd", folder, &cancel_));
    TRY(write_image(folder / "initrd", {"none"}));
    recipe.spec.plugin = PluginSpec{AIOS_PLUGIN, folder / "counts", {}};
    Command command;
    const std::vector<std::string> words = TRY(qemu::command_line(recipe.spec));
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool control = i + 1 < words.size() && words[i + 1].find("control") != std::string::npos;
      if (control) {
        ++i;
      } else {
        // Nobody is there to tell it to go.
        command.argv.push_back(words[i].find("shutdown=pause") == std::string::npos ? words[i] : "shutdown=poweroff");
      }
    }
    const UniqueFd nowhere(::open("/dev/null", O_RDWR | O_CLOEXEC));
    command.fds = {{nowhere.get(), qemu::kConsoleFd}};
    Child child = TRY(Child::spawn(command));
    const ExitState exit = child.wait();
    if (!exit.success()) return infra_fault(exit.describe(), command.shell_line());
    return {};
  }

  Status by_harness() {
    const RunRecord run = TRY(execute_run(plan_, {}, kernel_, env_));
    if (run.outcome != "complete") return infra_fault(run.outcome + ": " + run.boots.at(0).error);
    return {};
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

void boot_overhead(benchmark::State& state) {
  Bench bench;
  const SystemClock clock;
  std::vector<double> by_hand, by_harness, over;
  const auto timed = [&](auto work, std::vector<double>& into) {
    const Duration start = clock.monotonic();
    const Status done = work();
    into.push_back(seconds(clock.monotonic() - start) * 1e3);
    if (!done.ok()) state.SkipWithError(done.error().describe().c_str());
    return done.ok();
  };
  for (auto _ : state) {
    if (!timed([&] { return bench.by_hand(); }, by_hand)) return;
    if (!timed([&] { return bench.by_harness(); }, by_harness)) return;
    over.push_back(by_harness.back() - by_hand.back());
  }
  state.counters["by_hand_ms"] = stats::median(by_hand);
  state.counters["by_harness_ms"] = stats::median(by_harness);
  state.counters["overhead_ms"] = stats::median(over);
  state.counters["ratio"] = stats::median(by_harness) / stats::median(by_hand);
  state.counters["peak_MB"] = own_peak_megabytes();
  if (stats::median(over) > kMostMilliseconds || own_peak_megabytes() > kMostMegabytes) {
    state.SkipWithError(fmt::format("over the limit: {:.1f} ms a boot (by hand {:.1f} ms), {:.1f} MB",
                                    stats::median(over), stats::median(by_hand), own_peak_megabytes())
                            .c_str());
  }
}
BENCHMARK(boot_overhead)->Iterations(15)->Unit(benchmark::kMillisecond);

// The library's own main leaves with 0 whatever went wrong.
class StrictReporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    failed_ = failed_ || std::any_of(runs.begin(), runs.end(), [](const Run& run) { return run.error_occurred; });
    ConsoleReporter::ReportRuns(runs);
  }
  bool failed() const { return failed_; }

 private:
  bool failed_ = false;
};

}  // namespace
}  // namespace aios

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  aios::StrictReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  return reporter.failed() ? 1 : 0;
}
