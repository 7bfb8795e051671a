// SPDX-License-Identifier: Apache-2.0
// `gate accept RUN --metric M --reason TEXT`: a change for the worse that is worth it, up to the level that RUN shows.
#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/gate_flags.h"
#include "harness/manifest/gate_policy_manifest.h"
#include "harness/stats/quantile.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::int64_t kDaysByDefault = 90;
constexpr std::int64_t kSecondsADay = 86'400;

std::string day_of(std::int64_t unix_seconds) { return utc_time(unix_seconds).substr(0, 10); }

Result<AcceptedChange> change_in(const RunRecord& run, const std::string& metric) {
  std::vector<double> values;
  AcceptedChange change;
  for (const Sample* sample : samples_of(run, metric)) {
    if (sample->skipped || sample->perturbation != 0) continue;
    values.push_back(sample->value);
    change.unit = sample->unit;
  }
  if (values.empty()) {
    std::vector<std::string> known;
    for (const Metric& candidate : run.metrics) known.push_back(candidate.name);
    return config_error(
        fmt::format("run {} has no figure of '{}'{}", run.provenance.run, metric, did_you_mean(metric, known)),
        "--metric", "aios-bench list metrics");
  }
  change.metric = metric;
  change.kernel = run.kernel;
  change.machine = run.machine;
  change.value = stats::median(values);
  change.run = run.provenance.run;
  return change;
}

}  // namespace

Result<int> accept_change(Context& context, const GateFlags& flags) {
  if (flags.second.empty() || flags.metric.empty() || trim(flags.reason).empty()) {
    return config_error("accepting wants a run, a metric and a reason", "gate accept",
                        "aios-bench gate accept RUN --metric syscall.null --reason 'the check that issue 12 asks for'");
  }
  const std::int64_t now = context.clock.unix_seconds();
  const std::string today = day_of(now);
  const std::string expires = flags.expires.empty() ? day_of(now + kDaysByDefault * kSecondsADay) : flags.expires;
  Status date = check_date(expires);
  if (!date.ok()) return config_error(date.error().what, "--expires", date.error().hint);
  if (expires < today) return config_error(fmt::format("{} has passed", expires), "--expires", "a day to come");
  Store store = TRY(Store::open(context.paths.store));
  const RunRecord run = TRY(store.read_run(TRY(store.find(flags.second)))).run;
  AcceptedChange change = TRY(change_in(run, flags.metric));
  change.reason = trim(flags.reason);
  change.accepted = today;
  change.expires = expires;
  const GatePolicy policy = TRY(read_gate_policy(flags.policy));
  const fs::path file = accepted_file(flags, policy);
  TRY(write_accepted(file, change));
  context.print(fmt::format("{} of {} on {} is accepted up to {} until {}, in {}\n", printable(change.metric),
                            printable(change.kernel), printable(change.machine),
                            format_value(change.value, change.unit), change.expires, file.string()));
  return kExitMet;
}

}  // namespace aios
