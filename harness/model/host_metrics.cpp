// SPDX-License-Identifier: Apache-2.0
#include "harness/model/host_metrics.h"

namespace aios {

const std::vector<Metric>& host_metrics() {
  static const std::vector<Metric> kMetrics = {
      {kBuildOk, Unit::yes_no, Direction::higher_is_better, MetricKind::yes_no,
       "The kernel and its modules were built as documented, from source to installed modules", "build"},
      {kBuildOptionsAsked, Unit::count, Direction::neutral, MetricKind::size,
       "Options that the documents ask for, each counted once", "build"},
      {kBuildOptionsInEffect, Unit::count, Direction::higher_is_better, MetricKind::size,
       "Options of the documents that are in the built configuration as asked", "build"},
      {kBuildOptionsUnexplained, Unit::count, Direction::lower_is_better, MetricKind::size,
       "Options of the documents that are not as asked and for which the audit has no reason: not gone from this "
       "version, not overridden by a named fragment, not contradicted by the document itself",
       "build"},
      {kWallToInit, Unit::nanoseconds, Direction::lower_is_better, MetricKind::noisy_time,
       "Wall-clock time from starting the machine to the first instructions of PID 1", "boot"},
      {kWallToReady, Unit::nanoseconds, Direction::lower_is_better, MetricKind::noisy_time,
       "Wall-clock time from starting the machine to a guest that is ready for work", "boot"},
  };
  return kMetrics;
}

}  // namespace aios
