// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/config_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace aios {
namespace {

constexpr std::size_t kOneByOne = 8;      // up to so many groups each is measured by itself
constexpr std::size_t kMostForPairs = 6;  // groups that take part in an interaction
constexpr std::size_t kMostToTakeAway = 32;

OptionSet joined(const std::vector<OptionSet>& groups, std::size_t first, std::size_t last) {
  OptionSet out;
  for (std::size_t i = first; i < last; ++i) out.insert(groups[i].begin(), groups[i].end());
  return out;
}

std::vector<std::string> names(const OptionSet& a, const OptionSet& b) {
  std::vector<std::string> out(a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

class ConfigSearch {
 public:
  ConfigSearch(const ConfigUnits& units, const MeasureOptions& measure, double limit)
      : units_(units), measure_(measure), limit_(limit), groups_(config_groups(units.units)) {}

  Result<ConfigCosts> run() {
    for (const auto& unit : units_.units) everything_.insert(unit.option);
    costs_.first = TRY(must({}, "first"));
    costs_.second = TRY(must(everything_, "second"));
    TRY(look_at(0, groups_.size()));
    for (const auto& unit : units_.units) {
      if (!unit.cannot.empty()) {
        costs_.options.push_back({unit.option, unit.from, unit.to, {}, std::nullopt, {}, unit.cannot});
      }
    }
    for (const auto& option : costs_.options) costs_.sum += option.cost.value_or(0);
    costs_.remainder = costs_.second - costs_.first - costs_.sum;
    costs_.unexplained = costs_.remainder;
    if (std::abs(costs_.remainder) > limit_) TRY(look_for_interactions());
    std::stable_sort(costs_.options.begin(), costs_.options.end(), [](const auto& a, const auto& b) {
      return std::abs(a.cost.value_or(0)) > std::abs(b.cost.value_or(0));
    });
    return std::move(costs_);
  }

 private:
  Result<double> must(const OptionSet& switched, const char* which) {
    const auto value = TRY(measure_(switched));
    if (value) return *value;
    return kernel_fault(fmt::format("the {} configuration cannot be measured", which), {},
                        "both must build, boot and have the metric");
  }

  const ConfigUnit& unit_of(const std::string& option) const {
    return *std::find_if(units_.units.begin(), units_.units.end(),
                         [&](const ConfigUnit& unit) { return unit.option == option; });
  }

  bool none(double value) const { return std::abs(value - costs_.first) <= limit_; }

  // Groups first to last: together while they are many, and only taken apart where together they make a difference.
  Status look_at(std::size_t first, std::size_t last) {
    if (first == last) return {};
    if (last - first == 1) return take_apart(groups_[first]);
    if (last - first > kOneByOne || first > 0 || last < groups_.size()) {
      const OptionSet together = joined(groups_, first, last);
      const auto value = TRY(measure_(together));
      if (value && none(*value)) {
        for (const auto& option : together) {
          const ConfigUnit& unit = unit_of(option);
          costs_.options.push_back({option, unit.from, unit.to, {}, 0.0, together, {}});
        }
        return {};
      }
    }
    if (last - first <= kOneByOne) {
      for (std::size_t i = first; i < last; ++i) TRY(take_apart(groups_[i]));
      return {};
    }
    const std::size_t middle = first + (last - first) / 2;
    TRY(look_at(first, middle));
    return look_at(middle, last);
  }

  // Each option of a group on top of what it takes along.
  Status take_apart(const OptionSet& group) {
    const auto whole = TRY(measure_(group));
    for (const auto& option : group) {
      const ConfigUnit& unit = unit_of(option);
      if (!unit.cannot.empty()) continue;
      OptionCost cost{option, unit.from, unit.to, unit.with, std::nullopt, {}, {}};
      if (group.size() > 1 && whole && none(*whole)) {
        cost.cost = 0.0;
        cost.as_part_of = group;
      } else {
        const auto with = TRY(measure_(unit.all()));
        const auto without = TRY(measure_(unit.with));
        if (with && without) cost.cost = *with - *without;
        if (!cost.cost) cost.note = "does not build or boot by itself";
      }
      costs_.options.push_back(std::move(cost));
    }
    return {};
  }

  Status look_for_interactions() {
    if (groups_.size() < 2 || groups_.size() > kMostToTakeAway) return {};
    std::vector<const OptionSet*> taking_part;
    std::vector<double> alone;
    for (const auto& group : groups_) {
      OptionSet rest;
      for (const auto& option : everything_) {
        if (!group.contains(option)) rest.insert(option);
      }
      const auto without = TRY(measure_(rest));
      const auto by_itself = TRY(measure_(group));
      if (!without || !by_itself) continue;
      const double in_second = costs_.second - *without, in_first = *by_itself - costs_.first;
      if (std::abs(in_second - in_first) <= limit_) continue;
      taking_part.push_back(&group);
      alone.push_back(in_first);
    }
    if (taking_part.size() > kMostForPairs) return {};
    for (std::size_t i = 0; i < taking_part.size(); ++i) {
      for (std::size_t j = i + 1; j < taking_part.size(); ++j) {
        OptionSet both = *taking_part[i];
        both.insert(taking_part[j]->begin(), taking_part[j]->end());
        const auto value = both == everything_ ? std::optional(costs_.second) : TRY(measure_(both));
        if (!value) continue;
        const double size = *value - costs_.first - alone[i] - alone[j];
        if (std::abs(size) <= limit_) continue;
        costs_.interactions.push_back({names(*taking_part[i], *taking_part[j]), size});
        costs_.unexplained -= size;
      }
    }
    if (std::abs(costs_.unexplained) > limit_ && taking_part.size() > 2) {
      Interaction all;
      for (const OptionSet* group : taking_part) all.options.insert(all.options.end(), group->begin(), group->end());
      all.size = costs_.unexplained;
      costs_.interactions.push_back(std::move(all));
      costs_.unexplained = 0;
    }
    return {};
  }

  const ConfigUnits& units_;
  const MeasureOptions& measure_;
  double limit_;
  std::vector<OptionSet> groups_;
  OptionSet everything_;
  ConfigCosts costs_;
};

}  // namespace

Result<ConfigCosts> search_config(const ConfigUnits& units, const MeasureOptions& measure, double limit) {
  return ConfigSearch(units, measure, limit).run();
}

}  // namespace aios
