// SPDX-License-Identifier: Apache-2.0
// The parts of an explanation that the report and the page of `explain` share: the table of functions and the flame
// graphs. An explanation without a second name is of one side alone.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/judge/explain.h"
#include "reports/explained_graphs.h"
#include "reports/html/markup.h"

namespace aios {

inline constexpr std::size_t kFunctionsInReport = 25;
inline constexpr std::size_t kFunctionsOfExplain = 200;

std::string explained_summary(const Explanation& explanation, const MetricExplanation& metric);
void explained_functions(Html& html, const Explanation& explanation, const MetricExplanation& metric, std::size_t most);
// Those of this metric, where there are any.
void explained_graphs(Html& html, const Explanation& explanation, const std::string& metric,
                      const std::vector<ExplainedGraphs>& graphs);

}  // namespace aios
