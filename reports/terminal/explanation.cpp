// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/support/text.h"
#include "reports/explanation.h"

namespace aios {

std::string explained_number(double value, bool with_sign) {
  const bool whole = std::fabs(value - std::round(value)) < 5e-4;
  std::string out = whole ? group_digits(std::llround(std::fabs(value))) : fmt::format("{:.3f}", std::fabs(value));
  if (value < 0 && out != "0") return "-" + out;
  return with_sign && value > 0 ? "+" + out : out;
}

std::string callers_text(const ExplainedFunction& function, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < function.callers.size() && i < most; ++i) {
    const CallerShare& share = function.callers[i];
    if (i > 0) out += ", ";
    out += share.caller;
    const double by = share.second - share.first;
    if (function.callers.size() > 1 && by != 0) out += " " + explained_number(by, true);
  }
  if (function.callers.size() > most) out += fmt::format(", and {} more", function.callers.size() - most);
  return out;
}

std::string state_text(const ExplainedFunction& function) {
  std::string out(to_string(function.state));
  const auto names = [](const std::vector<std::string>& symbols) {
    return symbols.empty() ? "itself" : join(symbols, "+");
  };
  if (function.first_symbols != function.second_symbols && function.state == FunctionState::changed) {
    out += fmt::format(" ({} -> {})", names(function.first_symbols), names(function.second_symbols));
  }
  return out;
}

std::string metric_headline(const MetricExplanation& metric) {
  std::string out = fmt::format("{} and {} instructions, ", explained_number(metric.first, false),
                                explained_number(metric.second, false));
  if (metric.difference == 0) return out + "no difference";
  out += explained_number(metric.difference, true);
  if (metric.first > 0) out += fmt::format(" ({:+.2f} %)", 100 * metric.difference / metric.first);
  if (!metric.first_typical || !metric.second_typical) {
    out += "; a mean over all iterations, since too few cost what the median one does";
  }
  return out;
}

std::string render_explanation(const Explanation& explanation, const TextStyle& style, std::size_t most) {
  std::string out = toned(explanation.second_name, Tone::strong, style) + " against " +
                    toned(explanation.first_name, Tone::strong, style) + "\n";
  for (const MetricExplanation& metric : explanation.metrics) {
    out += "\n" + toned(metric.metric, Tone::strong, style) + ": " + metric_headline(metric) + "\n";
    TextTable table({{.title = "difference", .right = true},
                     {.title = explanation.first_name, .right = true},
                     {.title = explanation.second_name, .right = true},
                     {.title = "function", .flexible = true, .least = 24},
                     {.title = "in"},
                     {.title = "state", .flexible = true},
                     {.title = "called by", .flexible = true, .least = 20}});
    std::size_t shown = 0, differing = 0;
    double left = 0;
    for (const ExplainedFunction& function : metric.functions) {
      // Where nothing differs the largest say what it is made of.
      if (function.difference == 0 && metric.difference != 0) continue;
      if (function.difference != 0) ++differing;
      if (shown == most) {
        left += function.difference;
        continue;
      }
      if (function.difference == 0 && differing > 0) continue;
      ++shown;
      const Tone tone = function.difference > 0 ? Tone::bad : function.difference < 0 ? Tone::good : Tone::dim;
      table.row({{explained_number(function.difference, true), tone},
                 {explained_number(function.first, false)},
                 {explained_number(function.second, false)},
                 {function.name, Tone::strong},
                 {function.image, Tone::dim},
                 {state_text(function), Tone::dim},
                 {callers_text(function, 2), Tone::dim}});
    }
    if (!table.empty()) out += table.render(style);
    if (differing > shown) {
      out += toned(fmt::format("and {} more, together {}", differing - shown, explained_number(left, true)), Tone::dim,
                   style) +
             "\n";
    }
  }
  for (const std::string& note : explanation.notes) out += "\n" + toned(note, Tone::dim, style) + "\n";
  return out;
}

}  // namespace aios
