// SPDX-License-Identifier: Apache-2.0
#include "harness/run/board_conditions.h"

namespace aios {

std::vector<ConditionOrder> condition_orders(const std::map<std::string, std::string>& conditions) {
  constexpr const char* kCpus = "/sys/devices/system/cpu/";
  std::vector<ConditionOrder> out;
  for (const auto& [name, value] : conditions) {
    const bool off = value == "off" || value == "0";
    if (name == "governor") {
      out.push_back({name, value, {std::string(kCpus) + "cpu[0-9]*/cpufreq/scaling_governor"}});
    } else if (name == "turbo") {
      // Intel's driver asks the other way round.
      out.push_back({"turbo.intel_no_turbo", off ? "1" : "0", {std::string(kCpus) + "intel_pstate/no_turbo"}});
      out.push_back({"turbo.boost", off ? "0" : "1", {std::string(kCpus) + "cpufreq/boost"}});
    } else if (name == "smt") {
      out.push_back({name, value, {std::string(kCpus) + "smt/control"}});
    } else if (name == "clock_source") {
      out.push_back({name, value, {"/sys/devices/system/clocksource/clocksource0/current_clocksource"}});
    } else if (name == "irq_affinity") {
      out.push_back({name, value, {"/proc/irq/[0-9]*/smp_affinity_list"}});
    }
  }
  return out;
}

}  // namespace aios
