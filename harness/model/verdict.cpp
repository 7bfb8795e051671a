// SPDX-License-Identifier: Apache-2.0
#include "harness/model/verdict.h"

#include <fmt/format.h>

#include <array>

namespace aios {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"met",     "missed",     "inconclusive",
                                                    "bounded", "not judged", "not run"};

}  // namespace

std::string_view to_string(VerdictKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

Result<VerdictKind> parse_verdict(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<VerdictKind>(i);
  }
  return config_error(fmt::format("'{}' is no verdict", text));
}

}  // namespace aios
