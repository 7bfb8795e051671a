// SPDX-License-Identifier: Apache-2.0
// May the figures of two runs stand side by side? Another processor model, machine or way of counting: no. Other
// mitigations, devices, tools or measured programs: yes, but it is said. What makes the two sides two sides (kernel,
// configuration, modules) is no obstacle and not listed.
#pragma once

#include <vector>

#include "harness/judge/comparison.h"
#include "harness/model/run_record.h"

namespace aios {

std::vector<InputDifference> input_differences(const RunRecord& first, const RunRecord& second);

}  // namespace aios
