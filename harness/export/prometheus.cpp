// SPDX-License-Identifier: Apache-2.0
#include "harness/export/prometheus.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <optional>

#include "harness/export/metric_row.h"
#include "harness/export/prometheus_parts.h"

namespace aios {
namespace {

constexpr std::size_t kMostSeriesOfRun = 2000;

struct FamilyOfUnit {
  const char* name;
  const char* help;
  double scale = 1;
};

FamilyOfUnit family_of(Unit unit) {
  switch (unit) {
    case Unit::instructions:
      return {"aios_bench_result_instructions", "Instructions executed, counted by the host."};
    case Unit::virtual_time:
      return {"aios_bench_result_virtual_ticks", "Ticks of the guest's virtual clock; not instructions, not time."};
    case Unit::nanoseconds:
      return {"aios_bench_result_seconds", "Time of one operation or of a boot.", 1e-9};
    case Unit::cycles:
      return {"aios_bench_result_cycles", "Cycles of a real processor."};
    case Unit::bytes:
      return {"aios_bench_result_bytes", "A size."};
    case Unit::count:
      return {"aios_bench_result_items", "A number of things."};
    case Unit::yes_no:
      return {"aios_bench_result_passed", "1 where a check passed, 0 where it did not; a skipped check has no value."};
    case Unit::ratio:
      return {"aios_bench_result_ratio", "A ratio."};
  }
  return {"aios_bench_result_items", "A number of things."};
}

struct HistogramOfUnit {
  const char* name;
  const char* help;
  double scale, first, last;
};

std::optional<HistogramOfUnit> histogram_of(Unit unit) {
  if (unit == Unit::instructions) {
    return HistogramOfUnit{"aios_bench_iteration_instructions",
                           "Instructions of each iteration in the unperturbed boots of the latest run.", 1, 10, 1e7};
  }
  if (unit == Unit::nanoseconds) {
    return HistogramOfUnit{"aios_bench_iteration_seconds",
                           "Time of each iteration in the unperturbed boots of the latest run.", 1e-9, 1e-8, 1};
  }
  return std::nullopt;
}

void add_distribution(MetricFamilies& families, const MetricLabels& labels, const RunRecord& run,
                      const MetricRow& row) {
  const auto family = histogram_of(row.metric.unit);
  if (!family) return;
  BucketCounts counts(one_two_five(family->first, family->last));
  for (const Sample& sample : run.samples) {
    if (sample.metric != row.metric.name || sample.unit != row.metric.unit || sample.perturbation != 0) continue;
    for (const RunLength& run_length : sample.values) {
      counts.observe(run_length.value * family->scale, static_cast<std::uint64_t>(run_length.times));
    }
  }
  if (!counts.empty()) families.histogram(family->name, family->help, labels, counts.histogram());
}

void add_row(MetricFamilies& families, const MetricLabels& subject, const RunRecord& run, const MetricRow& row) {
  MetricLabels labels = subject;
  labels.push_back({"scenario", label_text(row.metric.scenario)});
  labels.push_back({"metric", label_text(row.metric.name)});
  labels.push_back({"fidelity", std::string(to_string(row.fidelity))});
  const FamilyOfUnit family = family_of(row.metric.unit);
  families.gauge(family.name, family.help, labels, row.value * family.scale);
  add_distribution(families, labels, run, row);
  if (!row.sample->counts) return;
  for (std::size_t i = 0; i < kCountClasses; ++i) {
    const auto which = static_cast<CountClass>(i);
    if (which == CountClass::instructions || !row.sample->counts->counts[i]) continue;
    MetricLabels of_class = labels;
    of_class.push_back({"class", std::string(to_string(which))});
    families.gauge("aios_bench_result_events", "Rep iterations and heavy instructions in one operation, by class.",
                   of_class, static_cast<double>(*row.sample->counts->counts[i]));
  }
}

void add_run(MetricFamilies& families, const RunRecord& run, std::vector<std::string>& left_out) {
  const MetricLabels subject = subject_labels(run.kernel, run.subject, run.machine);
  families.gauge("aios_bench_last_run_success",
                 "1 where the latest judged run went through, 0 where the kernel failed.", subject,
                 run.outcome == "complete" ? 1 : 0);
  if (const double finished = unix_seconds(run.provenance.finished); finished > 0) {
    families.gauge("aios_bench_last_run_timestamp_seconds", "When the latest run ended.", subject, finished);
  }
  if (run.outcome != "complete") return;
  std::size_t exported = 0;
  std::size_t undefined = 0;
  for (const MetricRow& row : metric_rows(run)) {
    if (!row.defined) {
      ++undefined;
      continue;
    }
    if (row.sample->skipped || exported == kMostSeriesOfRun) continue;
    ++exported;
    add_row(families, subject, run, row);
  }
  if (undefined > 0) {
    left_out.push_back(
        fmt::format("run {}: {} metrics that its scenarios do not define", run.provenance.run, undefined));
  }
  if (exported == kMostSeriesOfRun) {
    left_out.push_back(fmt::format("run {}: metrics beyond the first {}", run.provenance.run, kMostSeriesOfRun));
  }
}

// In the order in which they ended.
std::vector<const RunRecord*> that_speak(const std::vector<const RunRecord*>& runs,
                                         std::vector<std::string>& left_out) {
  std::vector<const RunRecord*> in_time;
  for (const RunRecord* run : runs) {
    if (run->outcome != "complete" && run->outcome != "failed") {
      left_out.push_back(fmt::format("run {}: {}, which says nothing about the kernel", run->provenance.run,
                                     run->outcome.empty() ? "no outcome" : run->outcome));
    } else if (!run->append.empty() || !run->sysctls.empty()) {
      left_out.push_back(
          fmt::format("run {}: run with words of its own (--append, --sysctl), no bounded label tells it apart",
                      run->provenance.run));
    } else {
      in_time.push_back(run);
    }
  }
  std::stable_sort(in_time.begin(), in_time.end(), [](const RunRecord* a, const RunRecord* b) {
    return a->provenance.finished < b->provenance.finished;
  });
  return in_time;
}

}  // namespace

std::string variant_label(const std::string& subject, const std::string& kernel) {
  if (!subject.starts_with(kernel)) return {};
  std::string rest = subject.substr(kernel.size());
  if (rest.starts_with('@')) rest.erase(0, std::min(rest.find_first_of(":+"), rest.size()));
  if (rest.starts_with(':')) rest.erase(0, 1);
  return rest;
}

PrometheusFamilies gather_prometheus(const PrometheusInput& input) {
  PrometheusFamilies out;
  out.families.gauge("aios_bench_build_info", "The harness that wrote this; always 1.",
                     {{"version", label_text(input.harness_version)}}, 1);
  const std::vector<const RunRecord*> in_time = that_speak(input.runs, out.left_out);
  for (const RunRecord* run : in_time) add_run(out.families, *run, out.left_out);
  for (const ClaimVerdict& row : input.claims) {
    out.families.gauge("aios_bench_claim_verdict", "The verdict on a documented claim, as a label; always 1.",
                       {{"kernel", label_text(row.claim.kernel)},
                        {"claim", label_text(row.claim.id)},
                        {"verdict", std::string(to_string(row.verdict))}},
                       1);
  }
  add_gates(out.families, input.gates);
  if (input.with_store) add_store(out.families, input.store);
  add_guest_metrics(out, in_time, input.guest_metrics);  // last: no name of the harness can be theirs
  return out;
}

std::string exposition_text(const MetricFamilies& families) {
  return prometheus::TextSerializer().Serialize(families.take());
}

PrometheusText export_prometheus(const std::vector<RunRecord>& runs, const std::vector<ClaimVerdict>& claims,
                                 const std::string& harness_version) {
  PrometheusInput input;
  for (const RunRecord& run : runs) input.runs.push_back(&run);
  input.claims = claims;
  input.harness_version = harness_version;
  PrometheusFamilies gathered = gather_prometheus(input);
  return {exposition_text(gathered.families), std::move(gathered.left_out)};
}

}  // namespace aios
