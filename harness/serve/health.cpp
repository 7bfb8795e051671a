// SPDX-License-Identifier: Apache-2.0
#include "harness/serve/health.h"

#include <future>

namespace aios {

ServedMetrics::ServedMetrics(ResultsSource& source, const Clock& clock, fs::path store)
    : source_(source), clock_(clock), store_(std::move(store)), durations_(one_two_five(1e-4, 10)) {}

void ServedMetrics::measure_store() {
  std::map<std::string, double> sizes;
  for (const char* part : {"runs", "artifacts", "cache", "verdicts"}) {
    sizes[part] = static_cast<double>(tree_size(store_ / part));
  }
  const std::lock_guard lock(mutex_);
  part_bytes_ = std::move(sizes);
}

std::vector<prometheus::MetricFamily> ServedMetrics::Collect() const {
  // civetweb's threads have a stack of 100 KB, in which reading a run does not fit.
  return std::async(std::launch::async, [this] { return collect(); }).get();
}

std::vector<prometheus::MetricFamily> ServedMetrics::collect() const {
  const Duration began = clock_.monotonic();
  const auto gathered = source_.gather();
  const double took = seconds(clock_.monotonic() - began);
  MetricFamilies health;
  {
    const std::lock_guard lock(mutex_);
    durations_.observe(took);
    if (!gathered.ok()) ++failures_;
    health.histogram("aios_bench_gather_duration_seconds", "What it took to bring the results up to date for a scrape.",
                     {}, durations_.histogram());
    health.counter("aios_bench_gather_failures_total", "Scrapes for which the store could not be read.", {}, failures_);
    for (const auto& [part, bytes] : part_bytes_) {
      health.gauge("aios_bench_store_bytes", "What the parts of the store take on disk.", {{"part", part}}, bytes);
    }
  }
  add_process_metrics(health);
  std::vector<prometheus::MetricFamily> out;
  if (gathered.ok()) {
    health.gauge("aios_bench_left_out_items",
                 "Reasons for which something stored is not exported; `export` names them.", {},
                 static_cast<double>((*gathered)->left_out.size()));
    out = (*gathered)->families.take();
  }
  for (auto& family : health.take()) out.push_back(std::move(family));
  return out;
}

}  // namespace aios
