// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/judge/boot_times.h"
#include "harness/judge/comparability.h"
#include "harness/stats/quantile.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using SamplesByMetric = std::map<std::string, std::vector<const Sample*>>;

SamplesByMetric group(const RunRecord& run) {
  SamplesByMetric out;
  for (const Sample& sample : run.samples) out[sample.metric].push_back(&sample);
  return out;
}

// As the runs list them: the first's order, then what only the second has.
std::vector<std::string> names_in_order(const RunRecord& first, const RunRecord& second) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  const auto add = [&](const std::string& name) {
    if (seen.insert(name).second) out.push_back(name);
  };
  for (const RunRecord* run : {&first, &second}) {
    for (const Metric& metric : run->metrics) add(metric.name);
    for (const Sample& sample : run->samples) add(sample.metric);
  }
  return out;
}

Metric metric_of(const RunRecord& first, const RunRecord& second, const Sample& sample) {
  for (const RunRecord* run : {&second, &first}) {
    if (const Metric* metric = find_metric(*run, sample.metric)) return *metric;
  }
  return {.name = sample.metric,
          .unit = sample.unit,
          .direction = sample.unit == Unit::yes_no ? Direction::higher_is_better : Direction::neutral,
          .scenario = sample.scenario};
}

bool ran(const RunRecord& run, const std::string& scenario) {
  return std::find(run.scenarios.begin(), run.scenarios.end(), scenario) != run.scenarios.end();
}

double median_of(const std::vector<const Sample*>& samples) {
  std::vector<double> values;
  values.reserve(samples.size());
  for (const Sample* sample : samples) values.push_back(sample->value);
  return stats::median(values);
}

// A figure that went missing although its scenario ran may hide a regression.
ComparisonRow one_sided(const MetricPair& pair, bool in_first, const RunRecord& other) {
  const auto& samples = in_first ? pair.first : pair.second;
  ComparisonRow row = row_of({pair.metric, samples, samples});
  (in_first ? row.second_samples : row.first_samples) = 0;
  (in_first ? row.first : row.second) = median_of(samples);
  row.change = in_first ? Change::only_in_first : Change::only_in_second;
  if (in_first && ran(other, row.scenario)) {
    row.change = Change::inconclusive;
    row.reason = "the second run ran this scenario, but has no figure";
  }
  return row;
}

bool is_time(Unit unit) { return unit == Unit::nanoseconds || unit == Unit::cycles; }

// Why the two sides' figures of one metric cannot stand side by side, or "".
std::string obstacle(const Sample& first, const Sample& second) {
  if (first.unit != second.unit) {
    return fmt::format("in {} on the first side, in {} on the second", to_string(first.unit), to_string(second.unit));
  }
  if (first.unit == Unit::yes_no) return "";
  if (is_time(first.unit) && (first.fidelity != Fidelity::timed || second.fidelity != Fidelity::timed)) {
    return "time on emulation says nothing of what a change costs";
  }
  if (first.unit == Unit::instructions && first.fidelity != second.fidelity) {
    return fmt::format("{} on the first side, {} on the second", to_string(first.fidelity), to_string(second.fidelity));
  }
  return "";
}

Change whole_of(const std::vector<ComparisonRow>& rows) {
  std::map<Change, int> counts;
  for (const ComparisonRow& row : rows) ++counts[row.change];
  for (const Change change : {Change::worse, Change::inconclusive, Change::better, Change::changed, Change::same}) {
    if (counts[change] > 0) return change;
  }
  return Change::inconclusive;  // nothing could be compared
}

std::string summary(const std::vector<ComparisonRow>& rows) {
  std::map<Change, int> counts;
  for (const ComparisonRow& row : rows) ++counts[row.change];
  std::vector<std::string> parts;
  parts.reserve(counts.size());
  for (const auto& [change, count] : counts) parts.push_back(fmt::format("{} {}", count, to_string(change)));
  return parts.empty() ? "the runs have no metric" : join(parts, ", ");
}

int exit_code_of(Change verdict) {
  if (verdict == Change::worse) return 1;
  return verdict == Change::inconclusive ? 4 : 0;
}

void warn_of_many_tests(Comparison& out, double alpha) {
  const auto tests = std::count_if(out.rows.begin(), out.rows.end(), [](const ComparisonRow& row) { return row.p; });
  if (tests < 2) return;
  out.warnings.push_back(
      fmt::format("{} times were tested at p <= {}: without any change about {:.1f} of them would be called different",
                  tests, alpha, static_cast<double>(tests) * alpha));
}

// Two runs of one subject are told apart by what else they were given, or at least by their order.
std::string side_name(const RunRecord& side, const RunRecord& other, std::string_view place) {
  if (side.subject != other.subject) return side.subject;
  std::string name = side.subject;
  if (side.append != other.append) {
    for (const std::string& word : side.append) name += " " + word;
  }
  if (side.sysctls != other.sysctls) {
    for (const auto& [key, value] : side.sysctls) name += fmt::format(" {}={}", key, value);
  }
  if (side.append != other.append || side.sysctls != other.sysctls) return name;
  if (side.label != other.label && !side.label.empty()) return fmt::format("{} ({})", name, side.label);
  return fmt::format("{} ({})", name, place);
}

}  // namespace

Comparison compare_runs(const RunRecord& first, const RunRecord& second, const CompareOptions& options) {
  Comparison out;
  out.first_run = first.provenance.run;
  out.second_run = second.provenance.run;
  out.first_subject = first.subject;
  out.second_subject = second.subject;
  out.first_name = side_name(first, second, "first");
  out.second_name = side_name(second, first, "second");
  out.differences = input_differences(first, second);
  for (const InputDifference& difference : out.differences) {
    if (!difference.refused) continue;
    out.comparable = false;
    out.exit_code = 2;
    out.reason =
        fmt::format("{} is '{}' and '{}': {}", difference.key, difference.first, difference.second, difference.meaning);
    return out;
  }

  const SamplesByMetric in_first = group(first);
  const SamplesByMetric in_second = group(second);
  const std::vector<PerturbationPair> perturbations = paired_perturbations(first, second);
  const bool in_turn = interleaved(first, second);
  for (const std::string& name : names_in_order(first, second)) {
    const auto a = in_first.find(name);
    const auto b = in_second.find(name);
    if (a == in_first.end() && b == in_second.end()) continue;  // set out to measure, measured by neither
    MetricPair pair;
    pair.interleaved = in_turn;
    if (a != in_first.end()) pair.first = a->second;
    if (b != in_second.end()) pair.second = b->second;
    pair.metric = metric_of(first, second, *(pair.first.empty() ? pair.second : pair.first).front());
    if (pair.first.empty() || pair.second.empty()) {
      out.rows.push_back(one_sided(pair, pair.second.empty(), pair.second.empty() ? second : first));
      continue;
    }
    ComparisonRow row = row_of(pair);
    row.reason = obstacle(*pair.first.front(), *pair.second.front());
    if (row.reason.empty()) {
      if (row.unit == Unit::yes_no) {
        compare_yes_no(pair, row);
      } else if (is_time(row.unit)) {
        compare_times(pair, options, row);
      } else {
        compare_counts(pair, perturbations, row);
      }
    }
    out.rows.push_back(std::move(row));
  }
  warn_of_many_tests(out, options.alpha);
  out.verdict = whole_of(out.rows);
  out.exit_code = exit_code_of(out.verdict);
  out.reason = summary(out.rows);
  return out;
}

}  // namespace aios
