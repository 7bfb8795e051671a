// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/measured.h"

#include <fmt/format.h>

#include <algorithm>

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

struct Promise {
  std::string option, why;  // why: empty where it is as asked
  bool unexplained = false;
};

// An option that a document lists twice is one promise.
std::vector<Promise> promises_of(const ConfigAudit& audit) {
  std::vector<Promise> out;
  for (const AuditRow& row : audit.rows) {
    if (row.document.empty()) continue;
    auto known = std::find_if(out.begin(), out.end(), [&](const Promise& one) { return one.option == row.option; });
    if (known == out.end()) known = out.insert(out.end(), Promise{.option = row.option, .why = ""});
    if (row.verdict == AuditVerdict::in_effect) continue;
    known->why = row.why.empty() ? std::string(to_string(row.verdict)) : row.why;
    known->unexplained = known->unexplained || (row.verdict == AuditVerdict::not_in_effect && !row.contradicted);
  }
  return out;
}

// "79 of 82 options as asked; DRM: overridden; ...": what stands behind the figure, bounded. What has no reason first.
std::string detail_of(std::vector<Promise> promises) {
  constexpr std::size_t kMost = 6;
  const std::size_t asked = promises.size();
  std::erase_if(promises, [](const Promise& one) { return one.why.empty(); });
  std::stable_partition(promises.begin(), promises.end(), [](const Promise& one) { return one.unexplained; });
  std::vector<std::string> parts = {fmt::format("{} of {} options as asked", asked - promises.size(), asked)};
  for (std::size_t i = 0; i < std::min(kMost, promises.size()); ++i) {
    parts.push_back(fmt::format("{}: {}", promises[i].option, promises[i].why));
  }
  if (promises.size() > kMost) parts.push_back(fmt::format("and {} more", promises.size() - kMost));
  return join(parts, "; ");
}

std::vector<Sample> from_audit(const RunRecord& run, const std::string& metric) {
  if (run.config_audit_json.empty()) return {};
  const auto audit = audit_from_json(run.config_audit_json, "the run's config audit");
  if (!audit.ok()) return {};
  if (metric == kBuildOk) return {built(audit->version)};
  std::vector<Promise> promises = promises_of(*audit);
  const auto count = [&](auto which) { return std::count_if(promises.begin(), promises.end(), which); };
  Sample sample;
  sample.metric = metric;
  sample.scenario = "build";
  if (metric == kBuildOptionsAsked) sample.value = static_cast<double>(promises.size());
  if (metric == kBuildOptionsInEffect) {
    sample.value = static_cast<double>(count([](const Promise& one) { return one.why.empty(); }));
  }
  if (metric == kBuildOptionsUnexplained) {
    sample.value = static_cast<double>(count([](const Promise& one) { return one.unexplained; }));
  }
  sample.detail = detail_of(std::move(promises));
  return {sample};
}

bool is_audited(const std::string& metric) {
  return metric == kBuildOk || metric == kBuildOptionsAsked || metric == kBuildOptionsInEffect ||
         metric == kBuildOptionsUnexplained;
}

}  // namespace

std::vector<Sample> measured(const RunRecord& run, const std::string& metric) {
  std::vector<Sample> out;
  for (const Sample& sample : run.samples) {
    if (sample.metric == metric) out.push_back(sample);
  }
  if (is_audited(metric)) {
    std::vector<Sample> audited = from_audit(run, metric);
    if (out.empty()) return audited;
    // The stored figure is the one that counts; the audit knows what stands behind it.
    if (!audited.empty() && out.front().detail.empty()) out.front().detail = audited.front().detail;
  }
  if (!out.empty()) return out;
  if (metric == kWallToInit) return from_wall_clock(run, metric, kWallToInitKey);
  if (metric == kWallToReady) return from_wall_clock(run, metric, kWallToReadyKey);
  return out;
}

}  // namespace aios
