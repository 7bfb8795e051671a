// SPDX-License-Identifier: Apache-2.0
#include "harness/export/metric_families.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/support/text.h"

namespace aios {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

constexpr std::size_t kLongestLabel = 120;

}  // namespace

std::string label_text(std::string_view text) { return printable(text.substr(0, kLongestLabel)); }

bool MetricFamilies::add(const std::string& name, const std::string& help, MetricType type, ClientMetric metric) {
  const auto [found, fresh] = families_.try_emplace(name, Family{help, type, {}});
  if (!fresh && found->second.type != type) return false;
  const MetricLabels labels = metric.label;
  found->second.series.insert_or_assign(labels, std::move(metric));
  return true;
}

void MetricFamilies::gauge(const std::string& name, const std::string& help, const MetricLabels& labels, double value) {
  ClientMetric metric;
  metric.label = labels;
  metric.gauge.value = value;
  add(name, help, MetricType::Gauge, std::move(metric));
}

void MetricFamilies::counter(const std::string& name, const std::string& help, const MetricLabels& labels,
                             double value) {
  ClientMetric metric;
  metric.label = labels;
  metric.counter.value = value;
  add(name, help, MetricType::Counter, std::move(metric));
}

void MetricFamilies::histogram(const std::string& name, const std::string& help, const MetricLabels& labels,
                               ClientMetric::Histogram histogram) {
  ClientMetric metric;
  metric.label = labels;
  metric.histogram = std::move(histogram);
  add(name, help, MetricType::Histogram, std::move(metric));
}

std::vector<prometheus::MetricFamily> MetricFamilies::take() const {
  std::vector<prometheus::MetricFamily> out;
  for (const auto& [name, family] : families_) {
    prometheus::MetricFamily one{name, family.help, family.type, {}};
    for (const auto& [labels, metric] : family.series) one.metric.push_back(metric);
    out.push_back(std::move(one));
  }
  return out;
}

BucketCounts::BucketCounts(std::vector<double> upper_bounds)
    : bounds_(std::move(upper_bounds)), counts_(bounds_.size() + 1) {}

void BucketCounts::observe(double value, std::uint64_t times) {
  const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();  // le: up to and with
  counts_[static_cast<std::size_t>(at)] += times;
  count_ += times;
  sum_ += value * static_cast<double>(times);
}

ClientMetric::Histogram BucketCounts::histogram() const {
  ClientMetric::Histogram out;
  out.sample_count = count_;
  out.sample_sum = sum_;
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    cumulative += counts_[i];
    const double bound = i < bounds_.size() ? bounds_[i] : std::numeric_limits<double>::infinity();
    out.bucket.push_back({cumulative, bound});
  }
  return out;
}

std::vector<double> one_two_five(double first, double last) {
  std::vector<double> out;
  const int begin = static_cast<int>(std::lround(std::log10(first)));
  for (int exponent = begin;; ++exponent) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      // Divided, not multiplied, below one: 5e-7 is then the double that a query's text means.
      const double power = std::pow(10.0, std::abs(exponent));
      const double bound = exponent < 0 ? factor / power : factor * power;
      if (bound > last * 1.0001) return out;
      out.push_back(bound);
    }
  }
}

}  // namespace aios
