// SPDX-License-Identifier: Apache-2.0
#include "harness/model/unit.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <vector>

#include "harness/support/text.h"

namespace aios {
namespace {

template <typename E>
struct Named {
  E value;
  std::string_view name;
};

constexpr std::array kUnits = {Named<Unit>{Unit::instructions, "instructions"},
                               Named<Unit>{Unit::virtual_time, "virtual_time"},
                               Named<Unit>{Unit::nanoseconds, "nanoseconds"},
                               Named<Unit>{Unit::cycles, "cycles"},
                               Named<Unit>{Unit::bytes, "bytes"},
                               Named<Unit>{Unit::count, "count"},
                               Named<Unit>{Unit::yes_no, "yes_no"},
                               Named<Unit>{Unit::ratio, "ratio"}};
constexpr std::array kDirections = {Named<Direction>{Direction::lower_is_better, "lower_is_better"},
                                    Named<Direction>{Direction::higher_is_better, "higher_is_better"},
                                    Named<Direction>{Direction::neutral, "neutral"}};
constexpr std::array kKinds = {
    Named<MetricKind>{MetricKind::exact_count, "exact_count"}, Named<MetricKind>{MetricKind::noisy_time, "noisy_time"},
    Named<MetricKind>{MetricKind::size, "size"}, Named<MetricKind>{MetricKind::yes_no, "yes_no"}};
constexpr std::array kFidelities = {
    Named<Fidelity>{Fidelity::exact, "exact"}, Named<Fidelity>{Fidelity::counted, "counted"},
    Named<Fidelity>{Fidelity::timed, "timed"}, Named<Fidelity>{Fidelity::bounded, "bounded"}};

template <typename E, std::size_t N>
std::string_view name_of(const std::array<Named<E>, N>& table, E value) {
  for (const auto& entry : table) {
    if (entry.value == value) return entry.name;
  }
  return "unknown";
}

template <typename E, std::size_t N>
Result<E> parse(const std::array<Named<E>, N>& table, std::string_view what, std::string_view text) {
  std::vector<std::string> known;
  for (const auto& entry : table) {
    if (entry.name == text) return entry.value;
    known.emplace_back(entry.name);
  }
  return config_error(fmt::format("'{}' is no {}{}", text, what, did_you_mean(text, known)), {},
                      fmt::format("one of: {}", join(known, ", ")));
}

std::string format_time(double ns) {
  const double size = std::fabs(ns);
  if (size < 1e3) return fmt::format("{:.4g} ns", ns);
  if (size < 1e6) return fmt::format("{:.4g} us", ns / 1e3);
  if (size < 1e9) return fmt::format("{:.4g} ms", ns / 1e6);
  return fmt::format("{:.4g} s", ns / 1e9);
}

std::string format_number(double value) {
  if (value == std::floor(value) && std::fabs(value) < 1e15) return group_digits(static_cast<long long>(value));
  return fmt::format("{:.4g}", value);
}

}  // namespace

std::string_view to_string(Unit unit) { return name_of(kUnits, unit); }
std::string_view to_string(Direction direction) { return name_of(kDirections, direction); }
std::string_view to_string(MetricKind kind) { return name_of(kKinds, kind); }
std::string_view to_string(Fidelity fidelity) { return name_of(kFidelities, fidelity); }
Result<Unit> parse_unit(std::string_view text) { return parse(kUnits, "unit", text); }
Result<Direction> parse_direction(std::string_view text) { return parse(kDirections, "direction", text); }
Result<MetricKind> parse_metric_kind(std::string_view text) { return parse(kKinds, "kind of metric", text); }
Result<Fidelity> parse_fidelity(std::string_view text) { return parse(kFidelities, "fidelity", text); }

std::string_view symbol(Unit unit) {
  switch (unit) {
    case Unit::instructions:
      return "instr";
    case Unit::virtual_time:
      return "vticks";
    case Unit::nanoseconds:
      return "ns";
    case Unit::cycles:
      return "cycles";
    case Unit::bytes:
      return "B";
    case Unit::count:
    case Unit::yes_no:
      return "";
    case Unit::ratio:
      return "x";
  }
  return "";
}

std::string format_value(double value, Unit unit) {
  switch (unit) {
    case Unit::yes_no:
      return value != 0 ? "yes" : "no";
    case Unit::nanoseconds:
      return format_time(value);
    case Unit::bytes:
      return human_bytes(value);
    case Unit::count:
      return format_number(value);
    default:
      return fmt::format("{} {}", format_number(value), symbol(unit));
  }
}

}  // namespace aios
