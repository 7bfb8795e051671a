// SPDX-License-Identifier: Apache-2.0
// Stored runs as Prometheus text, for the text-file collector of a node exporter. One family a unit, in base units
// (seconds, bytes), and labels that stay bounded over the years: kernel, variant, machine, scenario, metric, fidelity.
// Never a run's id, a git ref or a path. Where several runs have the same labels, the latest that was completed speaks.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"
#include "harness/model/verdict.h"

namespace aios {

struct PrometheusText {
  std::string text;
  std::vector<std::string> left_out;  // sentences: what was not exported, and why
};

PrometheusText export_prometheus(const std::vector<RunRecord>& runs, const std::vector<ClaimVerdict>& claims,
                                 const std::string& harness_version);

}  // namespace aios
