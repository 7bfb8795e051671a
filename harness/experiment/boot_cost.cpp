// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/boot_cost.h"

#include <fmt/format.h>

#include <algorithm>

namespace aios {
namespace {

constexpr double kGuess = 5;
constexpr int kEnough = 60;

void add_boots(const RunRecord& run, const std::vector<std::string>& scenarios, double& total, int& boots) {
  for (const BootRecord& boot : run.boots) {
    const bool wanted =
        scenarios.empty() || std::find(scenarios.begin(), scenarios.end(), boot.scenario) != scenarios.end();
    const auto wall = run.provenance.wall_seconds.find(fmt::format("boot {}", boot.index));
    if (!wanted || !boot.ok || boots >= kEnough || wall == run.provenance.wall_seconds.end()) continue;
    total += wall->second;
    ++boots;
  }
}

}  // namespace

BootCost learn_boot_cost(const std::vector<RunRecord>& runs, const std::string& kernel, const std::string& machine,
                         const std::vector<std::string>& scenarios) {
  for (const bool same_kernel : {true, false}) {
    double total = 0;
    int boots = 0;
    for (const RunRecord& run : runs) {
      if ((same_kernel && run.kernel != kernel) || run.machine != machine) continue;
      add_boots(run, scenarios, total, boots);
    }
    if (boots > 0) return {total / boots, boots};
  }
  return {kGuess, 0};
}

}  // namespace aios
