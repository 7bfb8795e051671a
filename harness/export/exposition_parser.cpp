// SPDX-License-Identifier: Apache-2.0
// Prometheus's text format as a guest may write it, checked line by line; what a line claims is believed only where the
// whole family holds together.
#include <fmt/format.h>
#include <prometheus/check_names.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "harness/export/exposition_line.h"
#include "harness/export/guest_metrics.h"
#include "harness/export/metric_families.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

constexpr std::size_t kMostLines = 4000;
constexpr std::size_t kMostFamilies = 64;
constexpr std::size_t kMostSeries = 500;
constexpr std::size_t kMostBuckets = 64;
constexpr std::size_t kMostSentences = 20;
constexpr std::size_t kLongestHelp = 200;

struct SeriesDraft {
  std::optional<double> value;                     // counter, gauge, untyped
  std::vector<std::pair<double, double>> buckets;  // upper bound or quantile, figure
  std::optional<double> sum, count;
};

struct FamilyDraft {
  MetricType type = MetricType::Untyped;
  std::string help;
  std::map<MetricLabels, SeriesDraft> series;
  std::string fault;  // not empty: none of it is believed
};

bool is_reserved(std::string_view name) {
  constexpr std::array kPrefixes = {"aios_bench_", "process_", "exposer_", "scrape_", "push_", "prometheus_"};
  return name == "up" || std::any_of(kPrefixes.begin(), kPrefixes.end(),
                                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::optional<MetricType> type_of(std::string_view word) {
  if (word == "counter") return MetricType::Counter;
  if (word == "gauge") return MetricType::Gauge;
  if (word == "histogram") return MetricType::Histogram;
  if (word == "summary") return MetricType::Summary;
  if (word == "untyped") return MetricType::Untyped;
  return std::nullopt;
}

bool is_whole(double value) { return value >= 0 && value < 9e15 && std::floor(value) == value; }

class GuestFamilies {
 public:
  explicit GuestFamilies(GuestMetrics& out) : out_(out) {}

  void line(std::string_view text) {
    if (text.starts_with("# HELP ")) return help(text.substr(7));
    if (text.starts_with("# TYPE ")) return type(text.substr(7));
    if (text.empty() || text.starts_with('#')) return;
    auto sample = parse_exposition_line(text);
    if (!sample.ok()) return leave_out(fmt::format("'{}': {}", text.substr(0, 60), sample.error().what));
    take(*sample);
  }

  void finish() {
    for (auto& [name, family] : families_) {
      prometheus::MetricFamily made{
          name, family.help.empty() ? "From the kernel itself." : family.help, family.type, {}};
      for (auto& [labels, draft] : family.series) {
        if (family.fault.empty()) family.fault = finish_series(family.type, labels, draft, made);
      }
      if (!family.fault.empty()) {
        leave_out(fmt::format("{}: {}", name, family.fault));
      } else if (!made.metric.empty()) {
        out_.families.push_back(std::move(made));
      }
    }
    if (unsaid_ > 0) out_.left_out.push_back(fmt::format("and {} more", unsaid_));
  }

 private:
  void leave_out(const std::string& sentence) {
    if (out_.left_out.size() < kMostSentences) {
      out_.left_out.push_back(printable(sentence));
    } else {
      ++unsaid_;
    }
  }

  // nullptr: refused, and said so once.
  FamilyDraft* family(const std::string& name) {
    if (const auto found = families_.find(name); found != families_.end()) return &found->second;
    std::string why;
    if (!prometheus::CheckMetricName(name) || name.size() > 100) why = "no name of a metric";
    if (is_reserved(name)) why = "a name that belongs to the harness or to Prometheus";
    if (families_.size() == kMostFamilies) why = fmt::format("more than {} metrics", kMostFamilies);
    if (why.empty()) return &families_[name];
    leave_out(fmt::format("'{}': {}", name.substr(0, 100), why));
    return nullptr;
  }

  void help(std::string_view rest) {
    const auto blank = rest.find(' ');
    if (blank == std::string_view::npos) return;
    if (FamilyDraft* draft = family(std::string(rest.substr(0, blank)))) {
      draft->help = printable(trim(rest.substr(blank + 1, kLongestHelp)));
    }
  }

  void type(std::string_view rest) {
    const auto words = split_words(rest);
    if (words.size() != 2) return leave_out(fmt::format("'# TYPE {}': not a name and a type", rest.substr(0, 60)));
    FamilyDraft* draft = family(words[0]);
    if (draft == nullptr) return;
    const auto wanted = type_of(words[1]);
    if (!wanted) draft->fault = "of a type that there is not";
    if (!draft->series.empty()) draft->fault = "its type comes after its values";
    if (wanted) draft->type = *wanted;
  }

  // "x_bucket" belongs to the histogram "x" where there is one.
  std::pair<std::string, std::string> stem_of(const std::string& name) const {
    for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
      if (!name.ends_with(suffix)) continue;
      const std::string stem = name.substr(0, name.size() - suffix.size());
      const auto found = families_.find(stem);
      if (found == families_.end()) continue;
      if (found->second.type == MetricType::Histogram) return {stem, suffix};
      if (found->second.type == MetricType::Summary && suffix != "_bucket") return {stem, suffix};
    }
    return {name, ""};
  }

  void take(ExpositionLine& sample) {
    const auto [stem, part] = stem_of(sample.name);
    FamilyDraft* draft = family(stem);
    if (draft == nullptr) return;
    std::optional<double> place;
    const bool has_place = part == "_bucket" || (draft->type == MetricType::Summary && part.empty());
    const char* place_label = draft->type == MetricType::Histogram ? "le" : "quantile";
    std::erase_if(sample.labels, [&](const ClientMetric::Label& label) {
      if (!has_place || label.name != place_label) return false;
      place = exposition_number(label.value);
      return true;
    });
    if (const std::string why = wrong_labels(sample.labels); !why.empty()) {
      draft->fault = why;
      return;
    }
    if (!draft->series.contains(sample.labels) && ++series_ > kMostSeries) {
      if (series_ == kMostSeries + 1) leave_out(fmt::format("series beyond the first {}", kMostSeries));
      return;
    }
    SeriesDraft& series = draft->series[sample.labels];
    if (has_place) {
      if (!place) draft->fault = fmt::format("a value without its '{}'", place_label);
      if (series.buckets.size() == kMostBuckets) draft->fault = fmt::format("more than {} buckets", kMostBuckets);
      if (place && draft->fault.empty()) series.buckets.emplace_back(*place, sample.value);
      return;
    }
    std::optional<double>& field = part == "_sum" ? series.sum : part == "_count" ? series.count : series.value;
    if (field) draft->fault = "a series that stands twice";
    if (!std::isfinite(sample.value)) draft->fault = "a value that is not finite";
    field = sample.value;
  }

  static std::string wrong_labels(const MetricLabels& labels) {
    constexpr std::array kOwn = {"kernel", "variant", "machine", "job", "instance", "le", "quantile"};
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::string& name = labels[i].name;
      if (std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end()) {
        return fmt::format("its label '{}' belongs to the harness", name);
      }
      for (std::size_t j = 0; j < i; ++j) {
        if (labels[j].name == name) return fmt::format("its label '{}' stands twice", name);
      }
    }
    return {};
  }

  static std::string finish_series(MetricType type, const MetricLabels& labels, SeriesDraft& draft,
                                   prometheus::MetricFamily& made) {
    ClientMetric metric;
    metric.label = labels;
    if (type == MetricType::Histogram || type == MetricType::Summary) {
      if (!draft.sum || !draft.count || draft.value) return "its sum or its count is missing";
      if (!is_whole(*draft.count)) return "a count that is no whole number";
      const auto count = static_cast<std::uint64_t>(*draft.count);
      std::sort(draft.buckets.begin(), draft.buckets.end());
      if (type == MetricType::Summary) {
        metric.summary.sample_count = count;
        metric.summary.sample_sum = *draft.sum;
        for (const auto& [quantile, value] : draft.buckets) {
          if (!(quantile >= 0 && quantile <= 1)) return "a quantile that is none";
          metric.summary.quantile.push_back({quantile, value});
        }
      } else {
        metric.histogram.sample_count = count;
        metric.histogram.sample_sum = *draft.sum;
        double before = 0;
        for (const auto& [bound, cumulative] : draft.buckets) {
          if (!is_whole(cumulative) || cumulative < before) return "its buckets do not add up";
          metric.histogram.bucket.push_back({static_cast<std::uint64_t>(cumulative), bound});
          before = cumulative;
        }
        const bool ends_well = !draft.buckets.empty() && std::isinf(draft.buckets.back().first);
        if (!ends_well || before != *draft.count) return "its last bucket is not +Inf with the whole count";
      }
    } else {
      if (!draft.value) return "a series without a value";
      if (type == MetricType::Counter && *draft.value < 0) return "a counter below zero";
      metric.counter.value = metric.gauge.value = metric.untyped.value = *draft.value;
    }
    made.metric.push_back(std::move(metric));
    return {};
  }

  GuestMetrics& out_;
  std::map<std::string, FamilyDraft> families_;
  std::size_t series_ = 0, unsaid_ = 0;
};

}  // namespace

GuestMetrics parse_guest_metrics(std::string_view text) {
  GuestMetrics out;
  GuestFamilies families(out);
  std::size_t lines = 0;
  for (const auto& line : split(text, '\n')) {
    if (++lines > kMostLines) break;
    families.line(trim(line));
  }
  families.finish();
  if (lines > kMostLines) out.left_out.push_back(fmt::format("lines beyond the first {}", kMostLines));
  return out;
}

}  // namespace aios
