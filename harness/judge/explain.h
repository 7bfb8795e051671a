// SPDX-License-Identifier: Apache-2.0
// Why a metric differs: the difference of two exact profiles, function by function. The rows add up exactly to the
// difference of what was measured. Kernels of different layout are matched by the functions' names, without what the
// compiler puts behind them (.constprop.0, .isra.0, .part.0, .cold).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/profile.h"

namespace aios {

// "do_x" of "do_x.constprop.0.isra.1".
std::string_view folded_name(std::string_view symbol);

struct CallerShare {
  std::string caller;  // "(unknown caller)", "(root)"
  double first = 0, second = 0;
};

enum class FunctionState { same, changed, added, gone };
std::string_view to_string(FunctionState state);

struct ExplainedFunction {
  std::string name, image;
  // Instructions of an iteration in the function itself, without those it calls, and without what measuring costs.
  double first = 0, second = 0;
  double difference = 0;
  FunctionState state = FunctionState::same;
  std::vector<std::string> first_symbols, second_symbols;  // where they are not just the name
  std::vector<CallerShare> callers;                        // by how much they differ, then by how much they are
};

struct MetricExplanation {
  std::string metric, scenario;
  double first = 0, second = 0;  // the sum over all functions
  double difference = 0;
  // The profile is of the very iterations that the figure is taken from; else a mean over all of them.
  bool first_typical = true, second_typical = true;
  std::optional<double> first_measured, second_measured;  // what the runs say
  bool callers = true;
  std::vector<ExplainedFunction> functions;  // largest difference first, then the largest; `same` ones too
};

// Both have a span of this metric.
MetricExplanation explain_metric(const Profile& first, const Profile& second, const std::string& metric);

// One stack of a flame graph: from the root to the function that executed.
struct FoldedStack {
  std::vector<std::string> frames;
  double first = 0, second = 0;  // instructions of an iteration; one-sided graphs have only `first`
};
// In alphabetical order. `second` may be null.
std::vector<FoldedStack> folded_stacks(const Profile& first, const Profile* second, const std::string& metric);
// "a;b;c 12" a line; of two sides "a;b;c 12 13", as difffolded.pl writes it.
std::string folded_text(const std::vector<FoldedStack>& stacks, bool two_sides);

struct Explanation {
  std::string first_name, second_name;  // for tables
  std::string first_run, second_run;
  std::vector<MetricExplanation> metrics;
  std::vector<std::string> notes;
};

std::string explanation_to_json(const Explanation& explanation, int indent = -1);

}  // namespace aios
