// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/check.h"

#include <fmt/format.h>

#include "harness/machine/host/conditions.h"

namespace aios::host {

MachineFindings check(const MachineSpec& /*spec*/, const MachineEnvironment& /*environment*/) {
  const Conditions conditions = read_conditions();
  const auto said = to_map(conditions);
  MachineFindings out;
  out.push_back({Health::good,
                 fmt::format("processor {}, counter at {}; hardware counters: {}", said.at("processor"),
                             said.at("time-stamp counter"), said.at("hardware counters")),
                 {}});
  for (const std::string& doubt : doubts(conditions)) out.push_back({Health::limited, {}, doubt});
  return out;
}

}  // namespace aios::host
