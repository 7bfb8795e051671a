// SPDX-License-Identifier: Apache-2.0
#include "harness/model/scenario.h"

#include <fmt/format.h>

#include <algorithm>

namespace aios {

std::vector<std::string> program_arguments(const Scenario& scenario, bool exact) {
  std::vector<std::string> words = scenario.arguments;
  if (scenario.program != "operations" && scenario.program != "inference") return words;
  if (!exact) {
    words.insert(words.end(), {"--timed", fmt::format("{:g}", scenario.timed_seconds)});
    const auto in_cycles = [](const Metric& metric) { return metric.unit == Unit::cycles; };
    if (std::any_of(scenario.metrics.begin(), scenario.metrics.end(), in_cycles)) words.emplace_back("--cycles");
    return words;
  }
  words.insert(words.end(), {"--exact", fmt::format("{}", scenario.exact_iterations)});
  for (const auto& [word, iterations] : scenario.exact_iterations_for) {
    words.insert(words.end(), {"--exact-for", fmt::format("{}={}", word, iterations)});
  }
  return words;
}

}  // namespace aios
