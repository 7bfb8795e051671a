// SPDX-License-Identifier: Apache-2.0
#include "harness/model/gate_policy.h"

#include <fnmatch.h>

#include <array>

namespace aios {
namespace {

constexpr std::array<std::string_view, 3> kActions = {"block", "warn", "ignore"};

bool matches(const GateRule& rule, const std::string& metric) {
  for (const std::string& glob : rule.match) {
    if (fnmatch(glob.c_str(), metric.c_str(), 0) == 0) return true;
  }
  return false;
}

}  // namespace

std::string_view to_string(GateAction action) { return kActions[static_cast<std::size_t>(action)]; }

const GateRule& GatePolicy::rule_for(std::string_view metric) const {
  static const GateRule kEverything;
  const std::string name(metric);
  for (const GateRule& rule : rules) {
    if (matches(rule, name)) return rule;
  }
  return kEverything;
}

}  // namespace aios
