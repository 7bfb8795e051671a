// SPDX-License-Identifier: Apache-2.0
#include "harness/export/prometheus_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace aios {

double unix_seconds(const std::string& utc) {
  std::tm parts{};
  const char* end = strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  return end == nullptr ? 0 : static_cast<double>(timegm(&parts));
}

MetricLabels subject_labels(const std::string& kernel, const std::string& subject, const std::string& machine) {
  return {{"kernel", label_text(kernel)},
          {"variant", label_text(variant_label(subject, kernel))},
          {"machine", label_text(machine)}};
}

void add_guest_metrics(PrometheusFamilies& out, const std::vector<const RunRecord*>& in_time,
                       const std::map<std::string, GuestMetrics>& by_run) {
  std::map<MetricLabels, std::pair<const RunRecord*, const GuestMetrics*>> latest;
  for (const RunRecord* run : in_time) {
    const auto said = by_run.find(run->provenance.run);
    if (said == by_run.end() || !said->second.found) continue;
    latest[subject_labels(run->kernel, run->subject, run->machine)] = {run, &said->second};
  }
  for (const auto& [subject, said] : latest) {
    const auto& [run, metrics] = said;
    for (const auto& why : metrics->left_out) {
      out.left_out.push_back(fmt::format("run {}: the kernel's own metrics: {}", run->provenance.run, why));
    }
    for (const auto& family : metrics->families) {
      for (prometheus::ClientMetric metric : family.metric) {
        metric.label.insert(metric.label.begin(), subject.begin(), subject.end());
        if (out.families.add(family.name, family.help, family.type, std::move(metric))) continue;
        out.left_out.push_back(
            fmt::format("run {}: the kernel's own metrics: '{}' is of another type in another kernel",
                        run->provenance.run, family.name));
        break;
      }
    }
  }
}

void add_gates(MetricFamilies& families, const std::vector<GateWord>& gates) {
  for (const GateWord& gate : gates) {
    MetricLabels labels = subject_labels(gate.kernel, gate.subject, gate.machine);
    if (const double judged = unix_seconds(gate.judged); judged > 0) {
      families.gauge("aios_bench_gate_judged_timestamp_seconds", "When a gate last judged this.", labels, judged);
    }
    labels.push_back({"verdict", label_text(gate.verdict)});
    families.gauge("aios_bench_gate_verdict", "The latest word of a gate, as a label; always 1.", labels, 1);
  }
}

void add_store(MetricFamilies& families, const std::vector<RunSummary>& runs) {
  std::map<MetricLabels, double> count, boots, faults;
  double newest = 0;
  for (const RunSummary& run : runs) {
    MetricLabels labels = {{"kernel", label_text(run.kernel)}, {"machine", label_text(run.machine)}};
    boots[labels] += static_cast<double>(run.boots);
    faults[labels] += static_cast<double>(run.lab_faults);
    labels.push_back({"outcome", label_text(run.outcome)});
    ++count[labels];
    newest = std::max(newest, unix_seconds(run.finished));
  }
  for (const auto& [labels, value] : count) {
    families.gauge("aios_bench_store_runs", "Runs in the store, by how they ended.", labels, value);
  }
  for (const auto& [labels, value] : boots) {
    families.gauge("aios_bench_store_boots", "Boots in the store.", labels, value);
  }
  for (const auto& [labels, value] : faults) {
    families.gauge("aios_bench_store_infra_faults",
                   "Boots in the store, and attempts at them, that failed for the lab's reasons.", labels, value);
  }
  if (newest > 0) {
    families.gauge("aios_bench_store_last_run_timestamp_seconds", "When the newest run in the store ended.", {},
                   newest);
  }
}

}  // namespace aios
