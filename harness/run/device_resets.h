// SPDX-License-Identifier: Apache-2.0
// How long the devices that a guest had took to be reset after it, from what the machine told of the boot's parts.
#pragma once

#include <vector>

#include "harness/machine/evidence.h"
#include "harness/model/metric.h"

namespace aios {

// gpu.reset_time of the device that took longest; nothing where none was reset.
void device_reset_samples(const BootPhases& phases, std::vector<Sample>& samples);

}  // namespace aios
