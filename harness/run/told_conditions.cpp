// SPDX-License-Identifier: Apache-2.0
#include "harness/run/told_conditions.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace aios {
namespace {

constexpr std::string_view kCondition = "condition ", kThrottled = "throttled ";

std::optional<std::int64_t> throttle_count(std::string_view text) {
  text.remove_prefix(kThrottled.size());
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

Status read_conditions_told(const std::vector<Message>& messages, BootAttempt& attempt) {
  std::optional<std::int64_t> before;
  for (const Message& each : messages) {
    const auto* log = std::get_if<message::Log>(&each);
    if (log == nullptr) continue;
    if (log->text.starts_with(kCondition)) attempt.record.notes.push_back(log->text);
    if (!log->text.starts_with(kThrottled)) continue;
    const auto count = throttle_count(log->text);
    if (count && before && *count > *before) {
      return infra_fault(fmt::format("the processor was held back {} times while it was measured: its figures are void",
                                     *count - *before),
                         "thermal_throttle", "cool it, or take its turbo off: conditions = { turbo = \"off\" }");
    }
    if (!before) before = count;
  }
  return {};
}

}  // namespace aios
