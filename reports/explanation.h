// SPDX-License-Identifier: Apache-2.0
// An explanation as text and as a page: which functions the difference of a metric is made of, and who called them.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/code_diff.h"
#include "harness/judge/explain.h"
#include "reports/explained_graphs.h"
#include "reports/text_table.h"

namespace aios {

// `most`: rows a metric; what is left out is summed.
std::string render_explanation(const Explanation& explanation, const TextStyle& style, std::size_t most = 12);
std::string render_code_diff(const CodeDiff& diff, const TextStyle& style);

// One file, no network, no script: tables and flame graphs of each side and of the difference.
std::string render_explanation_html(const Explanation& explanation, const std::vector<ExplainedGraphs>& graphs,
                                    const std::vector<CodeDiff>& code);

// "1,234", "0.250", with `with_sign` "+3".
std::string explained_number(double value, bool with_sign);
std::string callers_text(const ExplainedFunction& function, std::size_t most);
std::string state_text(const ExplainedFunction& function);
std::string metric_headline(const MetricExplanation& metric);
std::string code_headline(const CodeDiff& diff);
// The rows that differ, and so many around them.
std::vector<bool> shown_rows(const std::vector<CodeDiffRow>& rows, std::size_t context);

}  // namespace aios
