// SPDX-License-Identifier: Apache-2.0
// What comparing two runs comes to, as a value that can be printed, stored and exported: whether they may be compared
// at all, one row a metric, and one word for the whole. "First" is the measure, "second" is judged against it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/counts.h"
#include "harness/model/unit.h"

namespace aios {

enum class Change {
  same,
  better,
  worse,
  changed,       // different, and nobody said which direction is better
  inconclusive,  // the runs had not the power to decide, or the figures speak against each other
  not_compared,  // different units or fidelities, skipped, or a figure that this fidelity cannot give
  only_in_first,
  only_in_second,
};
std::string_view to_string(Change change);

// A class of counted events that differs between the sides, in the median iteration.
struct ClassChange {
  CountClass which = CountClass::instructions;
  std::int64_t first = 0, second = 0;
};

struct ComparisonRow {
  std::string metric, scenario;
  Unit unit = Unit::count;
  Direction direction = Direction::neutral;
  MetricKind kind = MetricKind::exact_count;
  std::optional<Fidelity> fidelity;
  std::optional<double> first, second;  // medians
  std::optional<double> difference;     // second - first
  std::optional<double> ratio;          // second / first; timed: Hodges and Lehmann's
  // Exact: the range of the difference over the paired perturbations.
  std::optional<double> difference_low, difference_high;
  // Timed: the interval of the ratio, the confidence that it attains, and the exact Mann-Whitney p.
  std::optional<double> ratio_low, ratio_high, confidence, p;
  int first_samples = 0, second_samples = 0;
  int pairs = 0;                     // perturbations that both sides have
  std::vector<ClassChange> classes;  // exact: what differs besides the instructions
  Change change = Change::not_compared;
  std::string reason;
  std::vector<std::string> warnings;
};

// Something that differs between the runs besides the figures.
struct InputDifference {
  std::string key, first, second;
  bool refused = false;  // with this, figures of the two runs cannot stand side by side
  std::string meaning;
};

struct Comparison {
  std::string first_run, second_run, first_subject, second_subject;
  std::string first_name, second_name;  // for people: the subjects, told apart where they are the same
  bool comparable = true;
  std::vector<InputDifference> differences;
  std::vector<ComparisonRow> rows;
  std::vector<std::string> warnings;
  Change verdict = Change::inconclusive;
  std::string reason;
  int exit_code = 4;  // 0 no worse, 1 worse, 2 refused, 4 inconclusive
};

// The word for the whole as it is printed and written: the verdict's, or "refused" where nothing was compared at all.
std::string_view verdict_word(const Comparison& comparison);

// One object: first, second, comparable, differences, verdict, reason, exit_code, warnings, rows.
std::string comparison_to_json(const Comparison& comparison, int indent = -1);

}  // namespace aios
