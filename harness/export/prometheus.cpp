// SPDX-License-Identifier: Apache-2.0
#include "harness/export/prometheus.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <ctime>
#include <map>

#include "harness/export/metric_row.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

constexpr std::size_t kLongestLabel = 120;
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

// "aios@v6.12:trace+ai_mem" of kernel "aios" -> "trace+ai_mem": a ref is not a bounded label.
std::string variant_of(const RunRecord& run) {
  if (!run.subject.starts_with(run.kernel)) return {};
  std::string rest = run.subject.substr(run.kernel.size());
  if (rest.starts_with('@')) rest.erase(0, std::min(rest.find_first_of(":+"), rest.size()));
  if (rest.starts_with(':')) rest.erase(0, 1);
  return rest;
}

std::string label_text(std::string_view text) {
  std::string shown = printable(text.substr(0, kLongestLabel));
  return shown;
}

double unix_seconds(const std::string& utc) {
  std::tm parts{};
  const char* end = strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  return end == nullptr ? 0 : static_cast<double>(timegm(&parts));
}

// Families by name, series by labels: what is set later replaces what was set before.
class Series {
 public:
  void set(const std::string& name, const char* help, const Labels& labels, double value) {
    Family& family = families_[name];
    family.help = help;
    family.values[labels] = value;
  }

  std::string text() const {
    std::vector<MetricFamily> families;
    for (const auto& [name, family] : families_) {
      MetricFamily out{name, family.help, MetricType::Gauge, {}};
      for (const auto& [labels, value] : family.values) {
        ClientMetric metric;
        metric.label = labels;
        metric.gauge.value = value;
        out.metric.push_back(std::move(metric));
      }
      families.push_back(std::move(out));
    }
    return prometheus::TextSerializer().Serialize(families);
  }

 private:
  struct Family {
    std::string help;
    std::map<Labels, double> values;
  };
  std::map<std::string, Family> families_;
};

void add_row(Series& series, const Labels& subject, const MetricRow& row) {
  Labels labels = subject;
  labels.push_back({"scenario", label_text(row.metric.scenario)});
  labels.push_back({"metric", label_text(row.metric.name)});
  labels.push_back({"fidelity", std::string(to_string(row.fidelity))});
  const FamilyOfUnit family = family_of(row.metric.unit);
  series.set(family.name, family.help, labels, row.value * family.scale);
  if (!row.sample->counts) return;
  for (std::size_t i = 0; i < kCountClasses; ++i) {
    const auto which = static_cast<CountClass>(i);
    if (which == CountClass::instructions || !row.sample->counts->counts[i]) continue;
    Labels of_class = labels;
    of_class.push_back({"class", std::string(to_string(which))});
    series.set("aios_bench_result_events", "Rep iterations and heavy instructions in one operation, by class.",
               of_class, static_cast<double>(*row.sample->counts->counts[i]));
  }
}

void add_run(Series& series, const RunRecord& run, std::vector<std::string>& left_out) {
  const Labels subject = {{"kernel", label_text(run.kernel)},
                          {"variant", label_text(variant_of(run))},
                          {"machine", label_text(run.machine)}};
  series.set("aios_bench_last_run_success", "1 where the latest judged run went through, 0 where the kernel failed.",
             subject, run.outcome == "complete" ? 1 : 0);
  if (const double finished = unix_seconds(run.provenance.finished); finished > 0) {
    series.set("aios_bench_last_run_timestamp_seconds", "When the latest run ended.", subject, finished);
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
    add_row(series, subject, row);
  }
  if (undefined > 0) {
    left_out.push_back(
        fmt::format("run {}: {} metrics that its scenarios do not define", run.provenance.run, undefined));
  }
  if (exported == kMostSeriesOfRun) {
    left_out.push_back(fmt::format("run {}: metrics beyond the first {}", run.provenance.run, kMostSeriesOfRun));
  }
}

}  // namespace

PrometheusText export_prometheus(const std::vector<RunRecord>& runs, const std::vector<ClaimVerdict>& claims,
                                 const std::string& harness_version) {
  PrometheusText out;
  std::vector<const RunRecord*> in_time;
  for (const RunRecord& run : runs) {
    if (run.outcome != "complete" && run.outcome != "failed") {
      out.left_out.push_back(fmt::format("run {}: {}, which says nothing about the kernel", run.provenance.run,
                                         run.outcome.empty() ? "no outcome" : run.outcome));
    } else if (!run.append.empty() || !run.sysctls.empty()) {
      out.left_out.push_back(
          fmt::format("run {}: run with words of its own (--append, --sysctl), no bounded label tells it apart",
                      run.provenance.run));
    } else {
      in_time.push_back(&run);
    }
  }
  std::stable_sort(in_time.begin(), in_time.end(), [](const RunRecord* a, const RunRecord* b) {
    return a->provenance.finished < b->provenance.finished;
  });

  Series series;
  series.set("aios_bench_build_info", "The harness that wrote this; always 1.",
             {{"version", label_text(harness_version)}}, 1);
  for (const RunRecord* run : in_time) add_run(series, *run, out.left_out);
  for (const ClaimVerdict& row : claims) {
    series.set("aios_bench_claim_verdict", "The verdict on a documented claim, as a label; always 1.",
               {{"kernel", label_text(row.claim.kernel)},
                {"claim", label_text(row.claim.id)},
                {"verdict", std::string(to_string(row.verdict))}},
               1);
  }
  out.text = series.text();
  return out;
}

}  // namespace aios
