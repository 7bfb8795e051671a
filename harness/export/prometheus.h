// SPDX-License-Identifier: Apache-2.0
// Stored runs as Prometheus has them: for a node exporter's text-file collector, for `serve` and for `push`. One family
// a unit, in base units (seconds, bytes), and labels that stay bounded over the years: kernel, variant, machine,
// scenario, metric, fidelity. Never a run's id, a git ref or a path. Where several runs have the same labels, the
// latest that was completed speaks. Names are listed in docs/prometheus.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/export/guest_metrics.h"
#include "harness/export/metric_families.h"
#include "harness/model/run_record.h"
#include "harness/model/verdict.h"
#include "harness/store/run_query.h"

namespace aios {

struct GateWord {  // what a gate said of a run, latest of its subject and machine
  std::string kernel, subject, machine;
  std::string verdict;  // "pass", "fail", "inconclusive", "infrastructure"
  std::string judged;   // UTC
};

struct PrometheusInput {
  std::vector<const RunRecord*> runs;
  std::vector<ClaimVerdict> claims;
  std::vector<GateWord> gates;
  std::map<std::string, GuestMetrics> guest_metrics;  // by the run's id: what the kernel said of itself
  std::vector<RunSummary> store;                      // every run that is stored
  bool with_store = false;                            // figures of the store itself
  std::string harness_version;
};

struct PrometheusFamilies {
  MetricFamilies families;
  std::vector<std::string> left_out;  // sentences: what was not exported, and why
};

PrometheusFamilies gather_prometheus(const PrometheusInput& input);

std::string exposition_text(const MetricFamilies& families);

struct PrometheusText {
  std::string text;
  std::vector<std::string> left_out;
};

PrometheusText export_prometheus(const std::vector<RunRecord>& runs, const std::vector<ClaimVerdict>& claims,
                                 const std::string& harness_version);

// "aios@v6.12:trace+ai_mem" of kernel "aios" -> "trace+ai_mem": a ref is no bounded label.
std::string variant_label(const std::string& subject, const std::string& kernel);

}  // namespace aios
