// SPDX-License-Identifier: Apache-2.0
// Parts of what prometheus.h gathers that are no figures of a run: what gates said, what the store holds, and what the
// kernels counted themselves.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/export/prometheus.h"

namespace aios {

MetricLabels subject_labels(const std::string& kernel, const std::string& subject, const std::string& machine);
double unix_seconds(const std::string& utc);  // 0 where it is no time

// Of each kernel on each machine, what its latest run said. `in_time`: in the order in which they ended.
void add_guest_metrics(PrometheusFamilies& out, const std::vector<const RunRecord*>& in_time,
                       const std::map<std::string, GuestMetrics>& by_run);
void add_gates(MetricFamilies& families, const std::vector<GateWord>& gates);
void add_store(MetricFamilies& families, const std::vector<RunSummary>& runs);

}  // namespace aios
