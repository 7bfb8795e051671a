// SPDX-License-Identifier: Apache-2.0
#include "harness/run/device_resets.h"

#include <algorithm>
#include <optional>

namespace aios {

void device_reset_samples(const BootPhases& phases, std::vector<Sample>& samples) {
  std::optional<Sample> slowest;
  for (const auto& [name, took] : phases.parts) {
    if (!name.starts_with("reset ") || (slowest && slowest->value >= static_cast<double>(took.count()))) continue;
    slowest.emplace();
    slowest->metric = "gpu.reset_time";
    slowest->scenario = "gpu";
    slowest->unit = Unit::nanoseconds;
    slowest->value = static_cast<double>(took.count());
    slowest->detail = name.substr(6);
  }
  if (slowest) samples.push_back(std::move(*slowest));
}

}  // namespace aios
