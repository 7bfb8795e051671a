// SPDX-License-Identifier: Apache-2.0
#include "harness/run/ktap_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/guest/ktap.h"
#include "harness/run/sample_assembly.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kMostChecks = 5000;
constexpr std::size_t kLongestCase = 160;
constexpr std::size_t kLongestDetail = 500;
constexpr std::size_t kMostNamedFailures = 5;

// "list sort: big" -> "list_sort:_big": a metric's name is one word.
std::string ktap_metric_name(std::string_view name) {
  std::string out = "ktap.";
  for (const char c : name.substr(0, kLongestCase)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("_.:/+-").find(c) != std::string_view::npos;
    out += plain ? c : '_';
  }
  return name.empty() ? out + "unnamed" : out;
}

std::string detail_of(const KtapResult& result) {
  std::string text;
  if (result.skipped) return result.reason;
  if (result.expected_bad && !result.ok) {
    return "known to fail" + (result.reason.empty() ? "" : ": " + result.reason);
  }
  if (result.ok) return text;
  text = result.reason;
  for (const auto& line : split(result.diagnostics, '\n')) {
    if (!line.empty()) text += (text.empty() ? "" : "; ") + line;
  }
  return text;
}

class Checks {
 public:
  explicit Checks(std::string scenario) : scenario_(std::move(scenario)) {
    for (const Metric& metric : ktap_metrics()) names_.insert(metric.name);
  }

  // The same name again gets a number.
  std::string free_name(const std::string& name) {
    std::string out = name;
    // A guest that says one name thousands of times is not looked through thousands of times.
    for (int& again = times_[name]; !names_.insert(out).second;) out = fmt::format("{}:{}", name, 2 + again++);
    return out;
  }

  Sample& add(std::string metric, Unit unit, double value) {
    Sample sample;
    sample.metric = std::move(metric);
    sample.scenario = scenario_;
    sample.unit = unit;
    sample.fidelity = fidelity_of(unit, Fidelity::exact);
    sample.value = value;
    out_.samples.push_back(std::move(sample));
    return out_.samples.back();
  }

  KtapChecks out_;

 private:
  std::string scenario_;
  std::set<std::string> names_;
  std::map<std::string, int> times_;
};

}  // namespace

const std::vector<Metric>& ktap_metrics() {
  static const std::vector<Metric> kMetrics = {
      {kKtapComplete, Unit::yes_no, Direction::higher_is_better, MetricKind::yes_no,
       "Every test that the console's KTAP had planned was reported", "ktap"},
      {kKtapPassed, Unit::count, Direction::higher_is_better, MetricKind::exact_count, "Tests that passed", "ktap"},
      {kKtapFailed, Unit::count, Direction::lower_is_better, MetricKind::exact_count, "Tests that failed", "ktap"},
      {kKtapSkipped, Unit::count, Direction::neutral, MetricKind::exact_count,
       "Tests that were skipped, or are known to fail and did", "ktap"},
  };
  return kMetrics;
}

KtapChecks ktap_checks(std::string_view console, const std::string& scenario, bool cut) {
  KtapReader reader;
  while (!console.empty()) {
    const auto end = std::min(console.find('\n'), console.size());
    reader.line(console.substr(0, end));
    console.remove_prefix(std::min(end + 1, console.size()));
  }
  reader.finish();
  if (!reader.seen()) return {};

  Checks checks(scenario);
  std::vector<std::string> problems = reader.problems();
  if (cut) problems.emplace_back("the middle of the console was not kept");
  Sample& complete = checks.add(kKtapComplete, Unit::yes_no, problems.empty() ? 1 : 0);
  complete.detail = join(problems, "; ").substr(0, kLongestDetail);
  std::vector<std::string> failed;
  double passed = 0;
  double skipped = 0;
  for (const KtapResult& result : reader.results()) {
    const bool says_nothing = result.skipped || (result.expected_bad && !result.ok);
    if (says_nothing) {
      ++skipped;
    } else if (result.ok) {
      ++passed;
    } else {
      failed.push_back(result.name);
    }
    if (checks.out_.samples.size() > kMostChecks) continue;
    Sample& sample = checks.add(checks.free_name(ktap_metric_name(result.name)), Unit::yes_no, result.ok ? 1 : 0);
    sample.skipped = says_nothing;
    sample.detail = detail_of(result).substr(0, kLongestDetail);
  }
  checks.add(kKtapPassed, Unit::count, passed);
  checks.add(kKtapFailed, Unit::count, static_cast<double>(failed.size()));
  checks.add(kKtapSkipped, Unit::count, skipped);

  auto& notes = checks.out_.notes;
  if (!problems.empty()) notes.push_back("KTAP: " + problems.front());
  if (const std::size_t count = failed.size(); count > 0) {
    if (count > kMostNamedFailures) failed.resize(kMostNamedFailures);
    notes.push_back(fmt::format("KTAP: {} of {} tests failed: {}{}", count, reader.results().size(), join(failed, ", "),
                                count > failed.size() ? ", ..." : ""));
  }
  if (reader.results().size() > kMostChecks) {
    notes.push_back(fmt::format("KTAP: the first {} of {} tests became checks; the totals count all", kMostChecks,
                                reader.results().size()));
  }
  return std::move(checks.out_);
}

}  // namespace aios
