// SPDX-License-Identifier: Apache-2.0
#include "reports/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/judge/compare.h"
#include "harness/support/text.h"
#include "reports/diff_parts.h"
#include "reports/timeline.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr double kFlip = 1e9;  // a check that turned, or a figure from or to nothing: before any ratio

// How far apart the sides are, whatever the unit.
double weight_of(const ComparisonRow& row) {
  if (!row.first || !row.second) return -1;
  if (*row.first == *row.second) return 0;
  if (row.unit == Unit::yes_no || *row.first <= 0 || *row.second <= 0) {
    return kFlip + (row.change == Change::worse ? 1 : 0);
  }
  return std::fabs(std::log(*row.second / *row.first));
}

bool alike(const ComparisonRow& row) {
  if (row.change == Change::same) return true;
  return row.change == Change::not_compared && row.first == row.second && row.classes.empty();
}

void diff_metrics(RunDiff& out) {
  for (const ComparisonRow& row : out.comparison.rows) {
    if (alike(row)) {
      ++out.metrics_alike;
    } else {
      out.metrics.push_back(row);
    }
  }
  std::stable_sort(out.metrics.begin(), out.metrics.end(),
                   [](const ComparisonRow& a, const ComparisonRow& b) { return weight_of(a) > weight_of(b); });
}

bool judged(const ClaimVerdict& side) {
  return side.verdict != VerdictKind::not_run && side.verdict != VerdictKind::not_judged;
}

void diff_claims(const DiffInput& input, RunDiff& out) {
  std::map<std::pair<std::string, std::string>, const ClaimVerdict*> second;
  for (const ClaimVerdict& row : input.second_claims) second[{row.claim.kernel, row.claim.id}] = &row;
  for (const ClaimVerdict& row : input.first_claims) {
    const auto found = second.find({row.claim.kernel, row.claim.id});
    if (found == second.end()) continue;
    const ClaimVerdict& other = *found->second;
    if (row.verdict == other.verdict && row.value == other.value) {
      ++out.claims_alike;
    } else {
      out.claims.push_back({row, other});
    }
  }
  // Another verdict on both sides says the most, then another figure, then what only one side could say.
  const auto rank = [](const ClaimDifference& entry) {
    const bool both = judged(entry.first) && judged(entry.second);
    return std::pair(both, entry.first.verdict != entry.second.verdict);
  };
  std::stable_sort(out.claims.begin(), out.claims.end(),
                   [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
}

std::vector<StretchDifference> diff_stretches(const std::vector<Stretch>& first, const std::vector<Stretch>& second,
                                              std::size_t& equal) {
  std::vector<StretchDifference> all;
  std::map<std::string, std::size_t> places;
  const auto at = [&](const std::string& name) -> StretchDifference& {
    const auto [place, fresh] = places.emplace(name, all.size());
    if (fresh) all.push_back({.name = name});
    return all[place->second];
  };
  for (const Stretch& stretch : first) {
    auto& sum = at(stretch.name).first;
    sum = sum.value_or(0) + stretch.instructions;
  }
  for (const Stretch& stretch : second) {
    auto& sum = at(stretch.name).second;
    sum = sum.value_or(0) + stretch.instructions;
  }
  equal = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& entry) { return entry.first == entry.second; }));
  std::erase_if(all, [](const auto& entry) { return entry.first == entry.second; });
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.difference()) > std::abs(b.difference()); });
  return all;
}

DiffSide side_of(const RunRecord& run, const std::string& name) {
  return {run.provenance.run, run.subject, name, run_title(run), run.provenance.started, outcome_text(run)};
}

}  // namespace

RunDiff diff_runs(const DiffInput& input) {
  RunDiff out;
  out.comparison = compare_runs(input.first, input.second);
  out.first = side_of(input.first, out.comparison.first_name);
  out.second = side_of(input.second, out.comparison.second_name);
  diff_metrics(out);
  diff_claims(input, out);
  if (input.first_config && input.second_config) {
    out.options_known = true;
    out.options = option_differences(*input.first_config, *input.second_config);
  }
  const auto words = [](const RunRecord& run) { return command_words(run); };
  std::tie(out.words_first, out.words_second) = words_apart(words(input.first), words(input.second));
  const auto first = provenance_facts(input.first);
  const auto second = provenance_facts(input.second);
  std::set<std::string> names;
  for (const auto* side : {&first, &second}) {
    for (const auto& [name, value] : *side) names.insert(name);
  }
  const auto value = [](const auto& side, const std::string& name) {
    const auto found = side.find(name);
    return found == side.end() ? std::string() : found->second;
  };
  // First what a person said or knows, then what was put in, then what a build or a host says of itself.
  std::vector<std::string> order(names.begin(), names.end());
  std::stable_sort(order.begin(), order.end(), [](const std::string& a, const std::string& b) {
    const auto rank = [](const std::string& name) {
      return name.starts_with("build ") ? 2 : name.starts_with("input ") ? 1 : 0;
    };
    return rank(a) < rank(b);
  });
  for (const std::string& name : order) {
    const std::string a = value(first, name);
    const std::string b = value(second, name);
    if (a == b) {
      ++out.provenance_alike;
    } else {
      out.provenance.push_back({name, a, b});
    }
  }
  const BootTimeline a = boot_timeline(input.first);
  const BootTimeline b = boot_timeline(input.second);
  if (!a.phases.empty() && !b.phases.empty()) {
    out.phases = diff_stretches(a.phases, b.phases, out.phases_alike);
    out.initcalls = diff_stretches(a.initcalls, b.initcalls, out.initcalls_alike);
  }
  return out;
}

std::string diff_headline(const RunDiff& diff) {
  std::string text = fmt::format("{}: {}", verdict_word(diff.comparison), diff.comparison.reason);
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, std::string_view one, std::string_view many) {
    if (count > 0) parts.push_back(plural(count, one, many));
  };
  add(diff.metrics.size(), "metric", "metrics");
  add(diff.claims.size(), "claim", "claims");
  add(diff.options.size(), "option of the configuration", "options of the configuration");
  add(diff.words_first.size() + diff.words_second.size(), "word of the command line", "words of the command line");
  add(diff.provenance.size(), "fact of the provenance", "facts of the provenance");
  add(diff.phases.size(), "phase of the boot", "phases of the boot");
  if (diff.comparison.reason.empty()) text = std::string(verdict_word(diff.comparison));
  return text + (parts.empty() ? "; nothing differs" : "; what differs: " + join(parts, ", "));
}

std::string diff_worst(const RunDiff& diff) {
  constexpr std::size_t kMostNamed = 8;
  std::vector<std::string> names;
  for (const ComparisonRow& row : diff.metrics) {
    if (row.change != Change::worse) continue;
    const std::string ratio = ratio_text(row);
    names.push_back(row.metric + (ratio.empty() ? "" : fmt::format(" ({} times)", ratio)));
  }
  if (names.empty()) return {};
  const std::size_t all = names.size();
  if (all > kMostNamed) names.resize(kMostNamed);
  return fmt::format("worse: {}{}", join(names, ", "), all > kMostNamed ? ", ..." : "");
}

std::string stretch_text(const StretchDifference& stretch) {
  if (!stretch.second) return "only in the first";
  if (!stretch.first) return "only in the second";
  std::string text = signed_text(static_cast<double>(stretch.difference()), Unit::instructions);
  if (*stretch.first > 0) {
    const double percent = 100.0 * static_cast<double>(stretch.difference()) / static_cast<double>(*stretch.first);
    text += std::fabs(percent) < 1000 ? fmt::format(" ({:+.3g} %)", percent)
                                      : fmt::format(" ({:.3g} times)", percent / 100 + 1);
  }
  return text;
}

std::string claim_side_text(const ClaimVerdict& side) {
  std::string text(to_string(side.verdict));
  if (side.value) text += ": " + format_value(*side.value, side.unit);
  return text;
}

}  // namespace aios
