// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/experiment/bisect_log.h"

namespace aios {
namespace {

Error bisection_can_go_on(Error error, const std::string& id) {
  if (error.hint.empty() || error.kind == ErrorKind::interrupted) {
    error.hint = fmt::format("what was measured is kept; go on with: --resume {}", id);
  }
  return error;
}

void read_samples(const RunRecord& run, const std::string& metric, BisectMeasurement& out) {
  for (const Sample* sample : samples_of(run, metric)) {
    if (sample->perturbation != 0 || sample->skipped) continue;
    out.point.values.push_back(sample->value);
    out.unit = sample->unit;
    out.exact = out.exact && sample->fidelity == Fidelity::exact;
  }
  if (run.outcome == "complete" && !out.point.values.empty()) return;
  out.point.broken = true;
  out.point.values.clear();
  out.point.why = fmt::format("it reports no {}", metric);
  for (const BootRecord& boot : run.boots) {
    if (boot.ok) continue;
    out.point.why = fmt::format("{}: {}", boot.end_state, boot.error);
    return;
  }
}

}  // namespace

Result<BisectMeasurement> measure_point(const Measurer& measurer, const RunRequest& request, const std::string& metric,
                                        const std::string& name, const std::string& id) {
  BisectMeasurement out;
  out.commit = name;
  const Duration start = measurer.clock->monotonic();
  Result<RunRecord> run = measurer.measure(request);
  out.seconds = seconds(measurer.clock->monotonic() - start);
  if (!run.ok()) {
    if (run.error().kind != ErrorKind::kernel_fault) return bisection_can_go_on(std::move(run).error(), id);
    out.point.broken = true;
    out.point.why = run.error().what;
    if (!run.error().where.empty()) out.point.why += fmt::format(" ({})", run.error().where);
    return out;
  }
  out.run = run->provenance.run;
  if (run->outcome != "complete" && run->outcome != "failed") {
    return bisection_can_go_on(infra_fault(fmt::format("the lab failed at {}", name), out.run), id);
  }
  read_samples(*run, metric, out);
  return out;
}

}  // namespace aios
