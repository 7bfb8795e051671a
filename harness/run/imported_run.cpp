// SPDX-License-Identifier: Apache-2.0
#include "harness/run/imported_run.h"

#include "harness/run/ktap_checks.h"

namespace aios {
namespace {

constexpr const char* kKtapScenario = "ktap";

}  // namespace

Result<RunRecord> import_ktap(Store& store, ImportedKtap from) {
  KtapChecks checks = ktap_checks(from.text, kKtapScenario);
  if (checks.samples.empty()) {
    return config_error("there is no KTAP in it", from.where,
                        "KTAP begins with a line 'KTAP version 1', TAP with 'TAP version 13'");
  }
  RunRecord run = std::move(from.head);
  run.mode = kImportedMode;
  run.fidelity = Fidelity::exact;  // a yes is a yes
  run.scenarios = {kKtapScenario};
  run.perturbations = {{.index = 0, .kind = "none", .description = "as it is"}};
  run.metrics = ktap_metrics();
  run.outcome = "running";
  run.provenance.extra["imported_from"] = from.where;
  RunBundle bundle = TRY(store.create_run(run));
  BootRecord boot{.scenario = kKtapScenario, .end_state = "imported", .ok = true};
  boot.logs["console"] = TRY(bundle.write_log("boot-0.ktap.console.log", from.text));
  boot.notes = std::move(checks.notes);
  TRY(bundle.append_boot(boot, checks.samples));
  run.boots.push_back(std::move(boot));
  run.samples = std::move(checks.samples);
  run.outcome = "complete";
  TRY(bundle.seal(run));
  store.note_run(bundle.id());
  return run;
}

}  // namespace aios
