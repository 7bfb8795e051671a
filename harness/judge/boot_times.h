// SPDX-License-Identifier: Apache-2.0
// Times boot by boot, as the judge takes them: one figure a boot. Two runs that were made in turn share their blocks,
// boot by boot, and then what drifts on the host burdens both sides and goes out in the ratio of each block.
#pragma once

#include <vector>

#include "harness/judge/metric_pair.h"

namespace aios {

// Were these two made boot by boot in turn (harness/run/interleave.h)?
bool interleaved(const RunRecord& first, const RunRecord& second);

struct BootTimes {
  std::vector<double> first, second;  // paired: of one length, block by block
  bool paired = false;
};
BootTimes boot_times(const MetricPair& pair);

// Standard deviation of the logs: of a block's ratio where paired, of a boot otherwise (pooled). nullopt: too few, or a
// figure that is not positive.
std::optional<double> log_noise(const BootTimes& times);

}  // namespace aios
