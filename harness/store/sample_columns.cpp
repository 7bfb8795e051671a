// SPDX-License-Identifier: Apache-2.0
#include "harness/store/sample_columns.h"

#include <fnmatch.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace aios {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

class Interned {
 public:
  explicit Interned(WordColumn& column) : column_(column) {}
  void add(std::string_view word) {
    // Samples of one metric and unit follow each other more often than not.
    if (column_.codes.empty() || column_.words[static_cast<std::size_t>(column_.codes.back())] != word) {
      const auto [at, fresh] = places_.try_emplace(std::string(word), static_cast<std::int32_t>(column_.words.size()));
      if (fresh) column_.words.emplace_back(word);
      column_.codes.push_back(at->second);
    } else {
      column_.codes.push_back(column_.codes.back());
    }
  }

 private:
  WordColumn& column_;
  std::unordered_map<std::string, std::int32_t> places_;
};

bool matches_any(const std::vector<std::string>& globs, const std::string& name) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
         });
}

std::vector<bool> chosen_words(const WordColumn& column, const std::vector<std::string>& globs) {
  std::vector<bool> out;
  for (const std::string& word : column.words) out.push_back(matches_any(globs, word));
  return out;
}

std::vector<std::size_t> chosen_rows(const SampleColumns& rows, const RowChoice& choice) {
  const std::vector<bool> metrics = chosen_words(rows.metric, choice.metrics);
  const std::vector<bool> scenarios = chosen_words(rows.scenario, choice.scenarios);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (metrics[static_cast<std::size_t>(rows.metric.codes[i])] &&
        scenarios[static_cast<std::size_t>(rows.scenario.codes[i])]) {
      out.push_back(i);
    }
  }
  return out;
}

// `which`: null for all rows.
template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from, const std::vector<std::size_t>* which) {
  if (which == nullptr) {
    to.insert(to.end(), from.begin(), from.end());
  } else {
    for (const std::size_t row : *which) to.push_back(from[row]);
  }
}

}  // namespace

SampleColumns columns_of(const std::vector<Sample>& samples) {
  SampleColumns out;
  Interned metric(out.metric), scenario(out.scenario), unit(out.unit), fidelity(out.fidelity), detail(out.detail);
  for (const Sample& sample : samples) {
    metric.add(sample.metric);
    scenario.add(sample.scenario);
    unit.add(to_string(sample.unit));
    fidelity.add(to_string(sample.fidelity));
    detail.add(sample.detail);
    out.boot.push_back(sample.boot);
    out.perturbation.push_back(sample.perturbation);
    out.value.push_back(sample.value);
    out.overhead.push_back(sample.overhead);
    out.minimum.push_back(sample.minimum.value_or(kNone));
    out.maximum.push_back(sample.maximum.value_or(kNone));
    out.iterations.push_back(sample.iterations);
    out.interrupted_iterations.push_back(sample.interrupted_iterations);
    out.skipped.push_back(sample.skipped ? 1 : 0);
    for (std::size_t i = 0; i < kCountClasses; ++i) {
      const auto count = sample.counts ? sample.counts->counts[i] : std::nullopt;
      out.counts[i].push_back(count ? static_cast<double>(*count) : kNone);
    }
    out.lengths.push_back(static_cast<std::int64_t>(sample.values.size()));
    for (const RunLength& run : sample.values) {
      out.iteration_value.push_back(run.value);
      out.iteration_times.push_back(run.times);
    }
  }
  return out;
}

struct TableJoin::Words {
  std::unordered_map<std::string, std::int32_t> places;

  void append_to(WordColumn& to, const WordColumn& from, const std::vector<std::size_t>* which) {
    std::vector<std::int32_t> code;
    for (const std::string& word : from.words) {
      const auto [at, fresh] = places.try_emplace(word, static_cast<std::int32_t>(to.words.size()));
      if (fresh) to.words.push_back(word);
      code.push_back(at->second);
    }
    const auto take = [&](std::int32_t old) { to.codes.push_back(code[static_cast<std::size_t>(old)]); };
    if (which == nullptr) {
      std::for_each(from.codes.begin(), from.codes.end(), take);
    } else {
      for (const std::size_t row : *which) take(from.codes[row]);
    }
  }
};

TableJoin::TableJoin(RowChoice choice, ColumnParts parts) : choice_(std::move(choice)), parts_(parts), words_(5) {}
TableJoin::~TableJoin() = default;

void TableJoin::add(const SampleColumns& rows, std::int32_t run) {
  std::vector<std::size_t> some;
  const std::vector<std::size_t>* which = nullptr;
  if (!choice_.metrics.empty() || !choice_.scenarios.empty()) {
    some = chosen_rows(rows, choice_);
    which = &some;
  }
  words_[0].append_to(table_.metric, rows.metric, which);
  words_[1].append_to(table_.scenario, rows.scenario, which);
  words_[2].append_to(table_.unit, rows.unit, which);
  words_[3].append_to(table_.fidelity, rows.fidelity, which);
  words_[4].append_to(table_.detail, rows.detail, which);
  append(table_.boot, rows.boot, which);
  append(table_.perturbation, rows.perturbation, which);
  append(table_.value, rows.value, which);
  append(table_.overhead, rows.overhead, which);
  append(table_.minimum, rows.minimum, which);
  append(table_.maximum, rows.maximum, which);
  append(table_.iterations, rows.iterations, which);
  append(table_.interrupted_iterations, rows.interrupted_iterations, which);
  append(table_.skipped, rows.skipped, which);
  table_.run.resize(table_.value.size(), run);
  if (parts_.counts) {
    for (std::size_t i = 0; i < kCountClasses; ++i) append(table_.counts[i], rows.counts[i], which);
  }
  if (!parts_.values) return;
  append(table_.lengths, rows.lengths, which);
  if (which == nullptr) {
    append(table_.iteration_value, rows.iteration_value, nullptr);
    append(table_.iteration_times, rows.iteration_times, nullptr);
    return;
  }
  std::vector<std::int64_t> begins(rows.rows() + 1, 0);
  std::partial_sum(rows.lengths.begin(), rows.lengths.end(), begins.begin() + 1);
  for (const std::size_t row : *which) {
    const auto from = begins[row], to = begins[row + 1];
    table_.iteration_value.insert(table_.iteration_value.end(), rows.iteration_value.begin() + from,
                                  rows.iteration_value.begin() + to);
    table_.iteration_times.insert(table_.iteration_times.end(), rows.iteration_times.begin() + from,
                                  rows.iteration_times.begin() + to);
  }
}

SampleTable TableJoin::take() { return std::move(table_); }

}  // namespace aios
