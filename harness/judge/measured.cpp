// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/measured.h"

#include <fmt/format.h>

#include <array>

#include "harness/build/config_audit.h"
#include "harness/model/host_metrics.h"
#include "harness/support/text.h"

namespace aios {
namespace {

std::vector<Sample> from_wall_clock(const RunRecord& run, const std::string& metric, std::string_view key) {
  std::vector<Sample> out;
  for (const auto& [name, seconds] : run.provenance.wall_seconds) {
    const bool mine = name == key || (name.starts_with(key) && name[key.size()] == ' ');
    if (!mine) continue;
    Sample sample;
    sample.metric = metric;
    sample.scenario = "boot";
    sample.unit = Unit::nanoseconds;
    // The host's clock around an emulated machine; around a real one, or KVM, it is the time itself.
    sample.fidelity = run.fidelity == Fidelity::timed ? Fidelity::timed : Fidelity::bounded;
    sample.boot = static_cast<int>(out.size());
    sample.value = seconds * 1e9;
    out.push_back(std::move(sample));
  }
  return out;
}

// Off exact mode the boot scenario's own figures are host time already.
std::vector<Sample> from_boot_times(const RunRecord& run, const std::string& metric, const std::string& boot_metric) {
  std::vector<Sample> out;
  for (const Sample& sample : run.samples) {
    const bool host_time = sample.fidelity == Fidelity::timed || sample.fidelity == Fidelity::bounded;
    if (sample.metric != boot_metric || sample.unit != Unit::nanoseconds || !host_time) continue;
    out.push_back(sample);
    out.back().metric = metric;
  }
  return out;
}

std::vector<Sample> boot_times(const RunRecord& run, const std::string& metric, const std::string& boot_metric,
                               std::string_view key) {
  std::vector<Sample> out = from_boot_times(run, metric, boot_metric);
  return out.empty() ? from_wall_clock(run, metric, key) : out;
}

// Only a kernel that was built from source has an audit, and only what was built can run.
Sample built(const std::string& version) {
  Sample sample;
  sample.metric = kBuildOk;
  sample.scenario = "build";
  sample.unit = Unit::yes_no;
  sample.value = 1;
  if (!version.empty()) sample.detail = "built from source: " + version;
  return sample;
}

bool unexplained(const AuditRow& row) { return row.verdict == AuditVerdict::not_in_effect && !row.contradicted; }

// "79 of 82 options as asked; DRM: overridden; ...": what stands behind the figure, bounded.
std::string audit_detail(const std::vector<const AuditRow*>& promised) {
  constexpr std::size_t kMost = 6;
  std::vector<std::string> parts;
  std::size_t differing = 0;
  for (const AuditRow* row : promised) {
    if (row->verdict == AuditVerdict::in_effect) continue;
    if (++differing > kMost) continue;
    const std::string_view why = row->why.empty() ? to_string(row->verdict) : std::string_view(row->why);
    parts.push_back(fmt::format("{}: {}", row->option, why));
  }
  if (differing > kMost) parts.push_back(fmt::format("and {} more", differing - kMost));
  parts.insert(parts.begin(), fmt::format("{} of {} options as asked", promised.size() - differing, promised.size()));
  return join(parts, "; ");
}

std::vector<Sample> from_audit(const RunRecord& run, const std::string& metric) {
  if (run.config_audit_json.empty()) return {};
  const auto audit = audit_from_json(run.config_audit_json, "the run's config audit");
  if (!audit.ok()) return {};
  if (metric == kBuildOk) return {built(audit->version)};
  std::vector<const AuditRow*> promised;
  int in_effect = 0;
  int without_reason = 0;
  for (const AuditRow& row : audit->rows) {
    if (row.document.empty()) continue;
    promised.push_back(&row);
    in_effect += row.verdict == AuditVerdict::in_effect ? 1 : 0;
    without_reason += unexplained(row) ? 1 : 0;
  }
  Sample sample;
  sample.metric = metric;
  sample.scenario = "build";
  sample.detail = audit_detail(promised);
  if (metric == kBuildOptionsAsked) sample.value = static_cast<double>(promised.size());
  if (metric == kBuildOptionsInEffect) sample.value = in_effect;
  if (metric == kBuildOptionsUnexplained) sample.value = without_reason;
  return {sample};
}

}  // namespace

std::vector<Sample> measured(const RunRecord& run, const std::string& metric) {
  std::vector<Sample> out;
  for (const Sample& sample : run.samples) {
    if (sample.metric == metric) out.push_back(sample);
  }
  if (!out.empty()) return out;
  if (metric == kWallToInit) return boot_times(run, metric, "boot.to_init", kWallToInitKey);
  if (metric == kWallToReady) return boot_times(run, metric, "boot.to_ready", kWallToReadyKey);
  constexpr std::array<std::string_view, 4> kAudited = {kBuildOk, kBuildOptionsAsked, kBuildOptionsInEffect,
                                                        kBuildOptionsUnexplained};
  for (const std::string_view name : kAudited) {
    if (metric == name) return from_audit(run, metric);
  }
  return out;
}

}  // namespace aios
