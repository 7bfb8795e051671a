// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/config_units.h"

#include <fmt/format.h>

#include <algorithm>

namespace aios {
namespace {

constexpr int kMaxTries = 32;

std::string option_value(const OptionValues& values, const std::string& option) {
  const auto found = values.find(option);
  return found == values.end() ? "n" : found->second;
}

class UnitFinder {
 public:
  UnitFinder(const OptionSet& options, const TryConfig& try_config) : options_(options), try_(try_config) {}

  Result<ConfigUnits> run() {
    first_ = TRY(try_({})).values;
    second_ = TRY(try_(options_)).values;
    ConfigUnits out;
    for (const auto& option : options_) {
      if (from(option) == to(option)) {
        out.without_effect.push_back(option);
      } else {
        out.units.push_back(TRY(unit(option)));
      }
    }
    return out;
  }

 private:
  std::string from(const std::string& option) const { return option_value(first_, option); }
  std::string to(const std::string& option) const { return option_value(second_, option); }
  bool differs(const std::string& option) const { return options_.contains(option) && from(option) != to(option); }

  Result<ConfigUnit> unit(const std::string& option) {
    ConfigUnit out{option, from(option), to(option), {}, {}};
    OptionSet switched{option};
    for (int tries = 0; tries < kMaxTries; ++tries) {
      const ConfigTrial trial = TRY(try_(switched));
      if (option_value(trial.values, option) == out.to) {
        for (const auto& other : options_) {
          if (other != option && differs(other) && option_value(trial.values, other) == to(other))
            out.with.insert(other);
        }
        return out;
      }
      // What it lacks, and what those lack in turn.
      OptionSet more = switched;
      for (const auto& asked : switched) {
        const auto wanted = trial.wanted.find(asked);
        if (wanted == trial.wanted.end()) continue;
        for (const auto& other : wanted->second) {
          if (differs(other)) more.insert(other);
        }
      }
      if (more == switched) break;
      switched = std::move(more);
    }
    // It follows from the others, or Kconfig does not say from which.
    for (const auto& other : options_) {
      if (other != option && differs(other)) out.with.insert(other);
    }
    out.cannot = "it follows from the others";
    return out;
  }

  const OptionSet& options_;
  const TryConfig& try_;
  OptionValues first_, second_;
};

}  // namespace

Result<ConfigUnits> find_config_units(const OptionSet& options, const TryConfig& try_config) {
  return UnitFinder(options, try_config).run();
}

std::vector<OptionSet> config_groups(const std::vector<ConfigUnit>& units) {
  std::vector<OptionSet> groups;
  for (const auto& unit : units) {
    if (!unit.cannot.empty()) continue;
    OptionSet merged = unit.all();
    // Everything that the new one touches becomes one.
    std::vector<OptionSet> rest;
    for (auto& group : groups) {
      const bool touches =
          std::any_of(group.begin(), group.end(), [&](const auto& option) { return merged.contains(option); });
      if (touches) {
        merged.insert(group.begin(), group.end());
      } else {
        rest.push_back(std::move(group));
      }
    }
    rest.push_back(std::move(merged));
    groups = std::move(rest);
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

}  // namespace aios
