// SPDX-License-Identifier: Apache-2.0
// Where the time of a boot went that is more than a kernel's: power, firmware, network, kernel, as the machine told.
#pragma once

#include <string>
#include <vector>

#include "harness/machine/evidence.h"
#include "harness/model/metric.h"

namespace aios {

// "power 0.3 s, firmware 4.1 s, network 2.0 s, kernel 9.8 s"; empty where the machine knows of no parts.
std::string boot_parts_text(const BootPhases& phases);
// boot.wall_power and so on.
void boot_part_samples(const BootPhases& phases, std::vector<Sample>& samples);
// The metrics that those belong to.
std::vector<Metric> boot_part_metrics();

}  // namespace aios
