// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/metric_scenario.h"

#include <fmt/format.h>

#include "harness/manifest/scenario_manifest.h"
#include "harness/support/text.h"

namespace aios {

Status choose_scenario_of(const Context& context, const std::string& metric, const Kernel& kernel, RunRequest& run) {
  if (!run.scenarios.empty() || (!kernel.linux_kernel && !kernel.frames)) return {};
  std::vector<std::string> known;
  for (const Scenario& scenario : TRY(load_scenarios(context.paths.scenarios()))) {
    for (const Metric& candidate : scenario.metrics) {
      known.push_back(candidate.name);
      if (candidate.name != metric) continue;
      run.scenarios = {scenario.name};
      return {};
    }
  }
  return config_error(fmt::format("no scenario measures '{}'{}", metric, did_you_mean(metric, known)), "--metric",
                      "`aios-bench list scenarios` shows what is measured; --scenario names one by hand");
}

}  // namespace aios
