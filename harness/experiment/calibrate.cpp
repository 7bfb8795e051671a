// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace aios {
namespace {

double seconds_since(const Measurer& measurer, Duration start) {
  return measurer.clock == nullptr ? 0 : seconds(measurer.clock->monotonic() - start);
}

Duration now_of(const Measurer& measurer) {
  return measurer.clock == nullptr ? Duration{} : measurer.clock->monotonic();
}

// All scenarios once: by the clock, or by what a stored run says of itself.
double seconds_of_a_boot(const RunRecord& run, double elapsed) {
  const auto total = run.provenance.wall_seconds.find("total");
  const double whole = elapsed > 0 ? elapsed : total == run.provenance.wall_seconds.end() ? 0 : total->second;
  std::map<std::string, int> boots;
  int most = 1;
  for (const BootRecord& boot : run.boots) most = std::max(most, ++boots[boot.scenario]);
  return whole / most;
}

Status complete(const RunRecord& run) {
  if (run.outcome == "complete") return {};
  std::string why;
  for (const BootRecord& boot : run.boots) {
    if (!boot.error.empty()) why = boot.error;
  }
  return kernel_fault(
      fmt::format("a run without any change ended as '{}'{}{}", run.outcome, why.empty() ? "" : ": ", why),
      run.provenance.run, "what does not boot every time cannot be calibrated");
}

void describe(const RunRecord& run, Calibration& out) {
  out.machine = run.machine;
  out.kernel = run.kernel;
  out.mode = run.mode;
  out.inputs = run.inputs;
  out.runs.push_back(run.provenance.run);
}

Status measure_builds(const CalibratePlan& plan, const Measurer& measurer, Calibrated& out,
                      std::vector<NullBuild>& into) {
  for (const NullBuildRequest& build : plan.builds) {
    if (measurer.cancel != nullptr) TRY(measurer.cancel->check());
    RunRequest request = plan.request;
    request.label = kNullChangeLabel;
    request.perturb = plan.nulls;  // pair by pair, as a gate does
    request.subject.configs.push_back(build.fragment);
    if (measurer.progress != nullptr) measurer.progress->note("null build: " + build.name);
    auto run = measurer.measure(request);
    if (!run.ok() && run.error().kind == ErrorKind::interrupted) return std::move(run).error();
    if (!run.ok() || run->outcome != "complete") {
      out.notes.push_back(fmt::format("{}: left out ({})", build.name, run.ok() ? run->outcome : run.error().what));
      continue;
    }
    out.calibration.null_changes.push_back("build: " + build.name);
    out.calibration.runs.push_back(run->provenance.run);
    into.push_back({build.name, std::move(run).value()});
  }
  return {};
}

}  // namespace

int CalibratePlan::boots() const {
  return timed ? 2 * pairs_a_gate * gates : (nulls + 1) * (1 + static_cast<int>(builds.size()));
}

Result<Calibrated> calibrate(const CalibratePlan& plan, const Measurer& measurer) {
  Calibrated out;
  out.calibration.level = plan.level;
  RunRequest request = plan.request;
  request.label = kNullChangeLabel;
  const Duration start = now_of(measurer);
  if (plan.timed) {
    request.perturb = 0;
    request.boots = plan.boots();
    const RunRecord run = TRY(measurer.measure(request));
    TRY(complete(run));
    describe(run, out.calibration);
    out.calibration.seconds_a_boot = seconds_of_a_boot(run, seconds_since(measurer, start));
    out.calibration.null_changes.push_back(
        fmt::format("A against A: {} boots, in gates of {} pairs", run.boots.size(), plan.pairs_a_gate));
    out.calibration.metrics = TRY(learn_from_times(run, plan.pairs_a_gate, plan.level));
    return out;
  }
  request.perturb = plan.nulls;
  request.boots = 0;
  const RunRecord base = TRY(measurer.measure(request));
  TRY(complete(base));
  describe(base, out.calibration);
  out.calibration.seconds_a_boot = seconds_of_a_boot(base, seconds_since(measurer, start));
  for (const Perturbation& perturbation : base.perturbations) {
    if (perturbation.index != 0) out.calibration.null_changes.push_back(perturbation.description);
  }
  std::vector<NullBuild> builds;
  TRY(measure_builds(plan, measurer, out, builds));
  out.calibration.metrics = TRY(learn_from_nulls(base, builds));
  return out;
}

Result<std::vector<NullBuildRequest>> linux_null_builds(const fs::path& folder) {
  TRY(make_folders(folder));
  std::vector<NullBuildRequest> out;
  const auto add = [&](const char* name, const char* file, const char* text) -> Status {
    out.push_back({name, folder / file});
    return write_file_atomic(folder / file, text);
  };
  TRY(add("another version string", "version-string.config", "CONFIG_LOCALVERSION=\"-null\"\n"));
  TRY(add("library functions that nothing calls", "dead-code.config", "CONFIG_CRC4=y\nCONFIG_CRC7=y\n"));
  return out;
}

}  // namespace aios
