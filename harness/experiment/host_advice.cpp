// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/host_advice.h"

#include <fmt/format.h>

namespace aios {

std::vector<std::string> host_advice(const host::Conditions& conditions) {
  std::vector<std::string> out;
  if (!conditions.governor.empty() && conditions.governor != "performance") {
    out.push_back(fmt::format("governor '{}': the frequency follows the load; cpupower frequency-set -g performance",
                              conditions.governor));
  }
  if (conditions.turbo == "on") {
    out.emplace_back(
        "turbo is on: the frequency follows temperature and neighbours; echo 1 > "
        "/sys/devices/system/cpu/intel_pstate/no_turbo, or echo 0 > /sys/devices/system/cpu/cpufreq/boost");
  }
  if (conditions.smt == "on") {
    out.emplace_back(
        "two threads share a core: what runs on the other one takes part in every figure; echo off > "
        "/sys/devices/system/cpu/smt/control");
  }
  if (!conditions.isolated) {
    out.push_back(
        fmt::format("processor {} is not isolated: others run on it, too; isolcpus={} on the host's kernel "
                    "command line",
                    conditions.processor, conditions.processor));
  }
  if (conditions.load && *conditions.load >= 0.5) {
    out.push_back(fmt::format("a load of {:.2f}: stop what else runs here", *conditions.load));
  }
  if (conditions.virtual_machine) {
    out.emplace_back("this host is a virtual machine: neighbours on its processor cannot be seen or stopped from here");
  }
  if (!conditions.clock_source.empty() && conditions.clock_source != "tsc" && !conditions.virtual_machine) {
    out.push_back(
        fmt::format("the clock is '{}': tsc is the cheapest to read; clocksource=tsc on the kernel command line",
                    conditions.clock_source));
  }
  return out;
}

}  // namespace aios
