// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace aios {
namespace {

constexpr double kMaxBudget = 30.0 * 24 * 3600;
constexpr int kMaxDigits = 9;

Error not_a_time(std::string_view text, std::string_view where) {
  return config_error(fmt::format("'{}' is no time to spend", text), std::string(where),
                      "for example 90s, 10m or 1h30m");
}

double seconds_of_unit(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 24.0 * 3600;
    default:
      return 0;
  }
}

}  // namespace

Result<double> parse_budget(std::string_view text, std::string_view where) {
  double total = 0;
  double number = 0;
  int digits = 0;
  bool any_unit = false;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      if (++digits > kMaxDigits) return not_a_time(text, where);
      number = number * 10 + (c - '0');
      continue;
    }
    const double unit = seconds_of_unit(c);
    if (digits == 0 || unit == 0) return not_a_time(text, where);
    total += number * unit;
    number = 0;
    digits = 0;
    any_unit = true;
  }
  if (digits > 0 && any_unit) return not_a_time(text, where);  // "1h30": thirty of what?
  total += number;
  if (total <= 0 || total > kMaxBudget) return not_a_time(text, where);
  return total;
}

std::string budget_text(double seconds) {
  const auto whole = static_cast<long long>(std::llround(std::max(0.0, seconds)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
  return fmt::format("{}h {:02}m", whole / 3600, whole % 3600 / 60);
}

}  // namespace aios
