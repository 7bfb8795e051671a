// SPDX-License-Identifier: Apache-2.0
#include "harness/run/build_samples.h"

#include <map>

#include "harness/build/config_audit.h"
#include "harness/model/host_metrics.h"
#include "harness/run/boot_parts.h"
#include "harness/support/files.h"

namespace aios {
namespace {

Sample figure(const char* metric, const char* scenario, Unit unit, double value) {
  Sample sample;
  sample.metric = metric;
  sample.scenario = scenario;
  sample.unit = unit;
  sample.value = value;
  return sample;
}

}  // namespace

std::vector<Sample> build_samples(const std::string& audit_json) {
  if (audit_json.empty()) return {};
  std::vector<Sample> out = {figure(kBuildOk, "build", Unit::yes_no, 1)};
  const auto audit = audit_from_json(audit_json, "audit");
  if (!audit.ok()) return out;
  struct Option {
    bool in_effect = true, unexplained = false;
  };
  std::map<std::string, Option> asked;
  for (const AuditRow& row : audit->rows) {
    if (row.document.empty()) continue;
    Option& option = asked[row.option];
    if (row.verdict != AuditVerdict::in_effect) option.in_effect = false;
    if (row.verdict == AuditVerdict::not_in_effect && !row.contradicted) option.unexplained = true;
  }
  if (asked.empty()) return out;
  double in_effect = 0;
  double unexplained = 0;
  for (const auto& [name, option] : asked) {
    in_effect += option.in_effect ? 1 : 0;
    unexplained += option.unexplained ? 1 : 0;
  }
  out.push_back(figure(kBuildOptionsAsked, "build", Unit::count, static_cast<double>(asked.size())));
  out.push_back(figure(kBuildOptionsInEffect, "build", Unit::count, in_effect));
  out.push_back(figure(kBuildOptionsUnexplained, "build", Unit::count, unexplained));
  return out;
}

std::vector<Sample> file_size_samples(const BuiltKernel& kernel) {
  std::vector<Sample> out;
  const auto add = [&](const char* metric, const fs::path& file) {
    std::error_code code;
    const auto size = file.empty() ? 0 : fs::file_size(file, code);
    if (!code && size > 0) out.push_back(figure(metric, "footprint", Unit::bytes, static_cast<double>(size)));
  };
  add("footprint.image_bytes", kernel.image);
  add("footprint.vmlinux_bytes", kernel.vmlinux);
  return out;
}

std::vector<Metric> metrics_of(const Plan& plan, bool built) {
  std::vector<Metric> out;
  bool boots = false;
  for (const Scenario& scenario : plan.scenarios) {
    boots = boots || scenario.name == "boot";
    for (Metric metric : scenario.metrics) {
      // What is counted in exact mode is timed elsewhere.
      if (!plan.exact() && metric.unit == Unit::instructions) {
        if (scenario.name == "boot") continue;
        metric.unit = Unit::nanoseconds;
        metric.kind = MetricKind::noisy_time;
      }
      out.push_back(std::move(metric));
    }
  }
  for (const Metric& metric : host_metrics()) {
    if (metric.scenario == "build" ? built : boots && !plan.exact()) out.push_back(metric);
  }
  if (boots && !plan.exact() && plan.machine.board_settings) {
    for (Metric& metric : boot_part_metrics()) out.push_back(std::move(metric));
  }
  return out;
}

}  // namespace aios
