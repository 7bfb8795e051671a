// SPDX-License-Identifier: Apache-2.0
// The loop of a bisection over configuration: reads the two files, has Kconfig say what came of each and which options
// hang together, has what config_search asks for measured, and writes every figure down, so that a killed one goes on.
#pragma once

#include "harness/build/kernel_config.h"
#include "harness/experiment/bisect_log.h"
#include "harness/experiment/config_search.h"
#include "harness/experiment/measurer.h"

namespace aios {

struct ConfigBisectReport {
  BisectRequest request;  // good and bad are the two files here
  std::string id;
  ConfigCosts costs;
  std::vector<std::string> without_effect;
  std::size_t measured = 0;
  double seconds = 0;
  Unit unit = Unit::count;
};

// Only Kconfig, no build, with this fragment behind the kernel's own configuration.
using ConfigureWith = std::function<Result<ConfiguredTree>(const fs::path& fragment)>;

// `log`: its folder holds a.config and b.config. Exact figures only.
Result<ConfigBisectReport> run_config_bisect(BisectLog& log, const ConfigureWith& configure, const Measurer& measurer);

std::string config_bisect_to_text(const ConfigBisectReport& report);
std::string config_bisect_to_json(const ConfigBisectReport& report);
// 0: the costs add up, or what is left over has names; 4: they do not.
int config_bisect_exit_code(const ConfigBisectReport& report);

}  // namespace aios
