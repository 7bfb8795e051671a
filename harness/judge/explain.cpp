// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr const char* kNoMetric = "_overhead";
constexpr const char* kUnknownCaller = "(unknown caller)";
constexpr const char* kRootCaller = "(root)";

// One iteration's cost of a place, in the kind of iterations that the figure is of.
struct PerIteration {
  explicit PerIteration(const ProfileSpan& span)
      : typical(span.typical_iterations > 0),
        iterations(typical ? span.typical_iterations : span.typical_iterations + span.other_iterations) {}
  double of(const ProfileCost& cost) const {
    if (iterations == 0) return 0;
    return static_cast<double>(typical ? cost.typical : cost.typical + cost.other) / static_cast<double>(iterations);
  }
  bool typical;
  std::int64_t iterations;
};

std::string key_of(const ProfiledFunction& function) {
  return function.image + "\n" + std::string(folded_name(function.name));
}

struct Gathered {
  double cost = 0;
  bool there = false;
  std::set<std::string> symbols;
  std::map<std::string, double> callers;
};

std::map<std::string, Gathered> gather(const Profile& profile, const ProfileSpan& span, double sign) {
  std::map<std::string, Gathered> out;
  const PerIteration each(span);
  for (const ProfileCost& cost : span.costs) {
    const double value = each.of(cost);
    if (value == 0) continue;
    const ProfileNode& node = profile.nodes[static_cast<std::size_t>(cost.node)];
    const ProfiledFunction& function = profile.functions[static_cast<std::size_t>(node.function)];
    Gathered& into = out[key_of(function)];
    into.cost += sign * value;
    into.there = true;
    into.symbols.insert(function.name);
    std::string caller = node.unknown_caller ? kUnknownCaller : kRootCaller;
    if (node.parent >= 0) {
      const ProfileNode& parent = profile.nodes[static_cast<std::size_t>(node.parent)];
      caller = folded_name(profile.functions[static_cast<std::size_t>(parent.function)].name);
    }
    into.callers[caller] += sign * value;
  }
  return out;
}

// What measuring itself costs is taken off, as it is from the figure.
std::map<std::string, Gathered> net(const Profile& profile, const std::string& metric) {
  auto out = gather(profile, *profile.span(metric), 1);
  const ProfileSpan* overhead = profile.span(kNoMetric);
  if (overhead == nullptr || metric.starts_with("boot.")) return out;
  for (auto& [key, cost] : gather(profile, *overhead, -1)) {
    Gathered& into = out[key];
    into.cost += cost.cost;
    into.symbols.merge(cost.symbols);
    for (const auto& [caller, value] : cost.callers) into.callers[caller] += value;
  }
  return out;
}

std::vector<std::string> telling_symbols(const std::set<std::string>& symbols, const std::string& name) {
  if (symbols.empty() || (symbols.size() == 1 && *symbols.begin() == name)) return {};
  return {symbols.begin(), symbols.end()};
}

ExplainedFunction row_of_function(const std::string& key, const Gathered& first, const Gathered& second) {
  ExplainedFunction row;
  const auto cut = key.find('\n');
  row.image = key.substr(0, cut);
  row.name = key.substr(cut + 1);
  row.first = first.cost;
  row.second = second.cost;
  row.difference = second.cost - first.cost;
  row.state = !first.there && second.there   ? FunctionState::added
              : first.there && !second.there ? FunctionState::gone
              : row.difference != 0          ? FunctionState::changed
                                             : FunctionState::same;
  row.first_symbols = telling_symbols(first.symbols, row.name);
  row.second_symbols = telling_symbols(second.symbols, row.name);
  std::map<std::string, CallerShare> callers;
  for (const auto& [caller, value] : first.callers) callers[caller].first += value;
  for (const auto& [caller, value] : second.callers) callers[caller].second += value;
  for (auto& [caller, share] : callers) {
    if (share.first == 0 && share.second == 0) continue;
    share.caller = caller;
    row.callers.push_back(share);
  }
  std::stable_sort(row.callers.begin(), row.callers.end(), [](const CallerShare& a, const CallerShare& b) {
    const double x = std::fabs(a.second - a.first);
    const double y = std::fabs(b.second - b.first);
    return x != y ? x > y : std::max(a.first, a.second) > std::max(b.first, b.second);
  });
  return row;
}

std::string frame_name(const ProfiledFunction& function) {
  std::string name(folded_name(function.name));
  if (!function.image.empty() && function.image != "kernel" && !name.starts_with("("))
    name += " [" + function.image + "]";
  std::replace(name.begin(), name.end(), ';', ':');  // the separator of folded stacks
  return name;
}

void fold(const Profile& profile, const std::string& metric, double FoldedStack::*side,
          std::map<std::vector<std::string>, FoldedStack>& out) {
  const ProfileSpan* span = profile.span(metric);
  if (span == nullptr) return;
  const PerIteration each(*span);
  for (const ProfileCost& cost : span->costs) {
    const double value = each.of(cost);
    if (value == 0) continue;
    std::vector<std::string> frames;
    for (int at = cost.node; at >= 0; at = profile.nodes[static_cast<std::size_t>(at)].parent) {
      const ProfileNode& node = profile.nodes[static_cast<std::size_t>(at)];
      frames.push_back(frame_name(profile.functions[static_cast<std::size_t>(node.function)]));
      if (node.unknown_caller) frames.emplace_back(kUnknownCaller);
    }
    std::reverse(frames.begin(), frames.end());
    FoldedStack& stack = out[frames];
    stack.frames = std::move(frames);
    stack.*side += value;
  }
}

std::string number_text(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.3f}", value);
}

}  // namespace

std::string_view folded_name(std::string_view symbol) {
  static constexpr std::string_view kMade[] = {".constprop", ".isra", ".part", ".cold", ".lto_priv", ".llvm"};
  std::string_view name = symbol;
  for (bool again = true; again;) {
    again = false;
    std::string_view rest = name;
    const std::size_t digits = rest.find_last_not_of("0123456789");
    if (digits != std::string_view::npos && digits + 1 < rest.size() && rest[digits] == '.')
      rest = rest.substr(0, digits);
    for (const std::string_view made : kMade) {
      if (rest.size() > made.size() && rest.ends_with(made)) {
        name = rest.substr(0, rest.size() - made.size());
        again = true;
      }
    }
  }
  return name;
}

std::string_view to_string(FunctionState state) {
  switch (state) {
    case FunctionState::same:
      return "same";
    case FunctionState::changed:
      return "changed";
    case FunctionState::added:
      return "new";
    case FunctionState::gone:
      return "gone";
  }
  return "same";
}

MetricExplanation explain_metric(const Profile& first, const Profile& second, const std::string& metric) {
  MetricExplanation out;
  out.metric = metric;
  out.scenario = first.scenario;
  const ProfileSpan& first_span = *first.span(metric);
  const ProfileSpan& second_span = *second.span(metric);
  out.first_typical = first_span.typical_iterations > 0;
  out.second_typical = second_span.typical_iterations > 0;
  out.callers = first_span.callers && second_span.callers;
  const auto one = net(first, metric);
  const auto other = net(second, metric);
  std::set<std::string> keys;
  for (const auto& entry : one) keys.insert(entry.first);
  for (const auto& entry : other) keys.insert(entry.first);
  const auto of = [](const std::map<std::string, Gathered>& from, const std::string& key) {
    const auto found = from.find(key);
    return found == from.end() ? Gathered() : found->second;
  };
  for (const std::string& key : keys) {
    ExplainedFunction row = row_of_function(key, of(one, key), of(other, key));
    out.first += row.first;
    out.second += row.second;
    if (!out.callers) row.callers.clear();
    // What stands in an iteration and in an empty one alike is of no interest.
    if (row.first != 0 || row.second != 0) out.functions.push_back(std::move(row));
  }
  out.difference = out.second - out.first;
  std::stable_sort(out.functions.begin(), out.functions.end(),
                   [](const ExplainedFunction& a, const ExplainedFunction& b) {
                     const double x = std::fabs(a.difference);
                     const double y = std::fabs(b.difference);
                     return x != y ? x > y : std::max(a.first, a.second) > std::max(b.first, b.second);
                   });
  return out;
}

std::vector<FoldedStack> folded_stacks(const Profile& first, const Profile* second, const std::string& metric) {
  std::map<std::vector<std::string>, FoldedStack> stacks;
  fold(first, metric, &FoldedStack::first, stacks);
  if (second != nullptr) fold(*second, metric, &FoldedStack::second, stacks);
  std::vector<FoldedStack> out;
  out.reserve(stacks.size());
  for (auto& [frames, stack] : stacks) out.push_back(std::move(stack));
  return out;
}

std::string folded_text(const std::vector<FoldedStack>& stacks, bool two_sides) {
  std::string out;
  for (const FoldedStack& stack : stacks) {
    out += join(stack.frames, ";") + " " + number_text(stack.first);
    if (two_sides) out += " " + number_text(stack.second);
    out += "\n";
  }
  return out;
}

}  // namespace aios
