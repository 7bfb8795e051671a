// SPDX-License-Identifier: Apache-2.0
#include "harness/model/verdict.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace aios {
namespace {

constexpr std::array<std::string_view, 6> kVerdictNames = {"met",     "missed",     "inconclusive",
                                                           "bounded", "not judged", "not run"};

std::string_view sign(Relation relation) {
  switch (relation) {
    case Relation::at_most:
      return "<=";
    case Relation::less_than:
      return "<";
    case Relation::at_least:
      return ">=";
    case Relation::equals_yes:
      return "is";
  }
  return "?";
}

// A target keeps the round figure that the document gives: 10 MB, not 9.5 MiB.
std::string target_value(double value, Unit unit) {
  if (unit == Unit::bytes) {
    if (std::fmod(value, 1e6) == 0) return fmt::format("{} MB", value / 1e6);
    if (std::fmod(value, 1e3) == 0) return fmt::format("{} KB", value / 1e3);
  }
  return format_value(value, unit);
}

}  // namespace

std::string to_string(const Target& target) {
  if (target.relation == Relation::equals_yes) return fmt::format("{} is yes", target.metric);
  return fmt::format("{} {} {}", target.metric, sign(target.relation), target_value(target.value, target.unit));
}

std::string_view to_string(VerdictKind kind) { return kVerdictNames[static_cast<std::size_t>(kind)]; }

Result<VerdictKind> parse_verdict(std::string_view text) {
  for (std::size_t i = 0; i < kVerdictNames.size(); ++i) {
    if (kVerdictNames[i] == text) return static_cast<VerdictKind>(i);
  }
  return config_error(fmt::format("'{}' is no verdict", text));
}

}  // namespace aios
