// SPDX-License-Identifier: Apache-2.0
// Two runs, metric by metric. First whether they may be compared at all, then each metric in the way that its unit and
// fidelity allow. Policy (margins by metric, families of tests, what blocks) is not made here.
#pragma once

#include "harness/judge/comparison.h"
#include "harness/judge/metric_pair.h"
#include "harness/model/run_record.h"

namespace aios {

Comparison compare_runs(const RunRecord& first, const RunRecord& second, const CompareOptions& options = {});

}  // namespace aios
