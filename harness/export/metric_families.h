// SPDX-License-Identifier: Apache-2.0
// Metric families while they are gathered: series by name and labels, one type and one help text a name, bounded. What
// is set again replaces what was set before, so that whoever speaks last is heard. What comes out is what
// prometheus-cpp serialises, serves and pushes.
#pragma once

#include <prometheus/metric_family.h>

#include <map>
#include <string>
#include <vector>

namespace aios {

using MetricLabels = std::vector<prometheus::ClientMetric::Label>;

class MetricFamilies {
 public:
  void gauge(const std::string& name, const std::string& help, const MetricLabels& labels, double value);
  void counter(const std::string& name, const std::string& help, const MetricLabels& labels, double value);
  void histogram(const std::string& name, const std::string& help, const MetricLabels& labels,
                 prometheus::ClientMetric::Histogram histogram);
  // A series that is whole already. False: the name stands for another type, and nothing was added.
  bool add(const std::string& name, const std::string& help, prometheus::MetricType type,
           prometheus::ClientMetric metric);

  std::vector<prometheus::MetricFamily> take() const;

 private:
  struct Family {
    std::string help;
    prometheus::MetricType type = prometheus::MetricType::Gauge;
    std::map<MetricLabels, prometheus::ClientMetric> series;
  };
  std::map<std::string, Family> families_;
};

// For a label: printable, and of a length that a query can bear.
std::string label_text(std::string_view text);

// The counts of a classic histogram; `times` of one value at once.
class BucketCounts {
 public:
  explicit BucketCounts(std::vector<double> upper_bounds);
  void observe(double value, std::uint64_t times = 1);
  prometheus::ClientMetric::Histogram histogram() const;
  bool empty() const { return count_ == 0; }

 private:
  std::vector<double> bounds_;
  std::vector<std::uint64_t> counts_;  // one more than bounds: beyond the last
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

// 1, 2, 5, 10, 20, 50, ... times `first`, up to and with `last`.
std::vector<double> one_two_five(double first, double last);

}  // namespace aios
