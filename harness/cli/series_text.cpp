// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/series_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "harness/support/text.h"

namespace aios {
namespace {

std::string_view bare(std::string_view cell) {
  cell = trim(cell);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = trim(cell.substr(1, cell.size() - 2));
  return cell;
}

// Not a number at all: nullopt. Infinite or not a number by name: NaN, which is missing.
std::optional<double> number_of(std::string_view cell) {
  cell = bare(cell);
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error == std::errc::result_out_of_range) return std::nan("");
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return std::isfinite(value) ? value : std::nan("");
}

bool means_missing(std::string_view cell) {
  cell = bare(cell);
  static constexpr std::string_view kWords[] = {"", "NA", "N/A", "n/a", "na", "null", "NULL", "None", "-", "?"};
  return std::find(std::begin(kWords), std::end(kWords), cell) != std::end(kWords);
}

char separator_of(std::string_view line) {
  for (const char candidate : {';', '\t', ','}) {
    if (line.find(candidate) != std::string_view::npos) return candidate;
  }
  return '\0';
}

// Quoted cells may hold the separator.
std::vector<std::string_view> cells_of(std::string_view line, char separator) {
  std::vector<std::string_view> out;
  if (separator == '\0') return {line};
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] != separator || quoted) continue;
    out.push_back(line.substr(begin, i - begin));
    begin = i + 1;
  }
  out.push_back(line.substr(begin));
  return out;
}

struct Columns {
  std::size_t value = 0;
  std::optional<std::size_t> time;
  bool header = false;
};

Result<Columns> find_columns(const std::vector<std::string_view>& first, const std::string& wanted,
                             const std::string& where) {
  Columns out;
  out.value = first.size() - 1;
  std::vector<std::string> names;
  bool any_number = false;
  for (const std::string_view cell : first) {
    names.emplace_back(bare(cell));
    any_number = any_number || number_of(cell);
  }
  out.header = !any_number && !(first.size() == 1 && means_missing(first[0]));
  const auto named = [&](const std::string& name) -> std::optional<std::size_t> {
    const auto at = std::find(names.begin(), names.end(), name);
    if (!out.header || at == names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - names.begin());
  };
  if (wanted.empty()) {
    out.value = named("value").value_or(out.value);
  } else if (const auto at = named(wanted)) {
    out.value = *at;
  } else {
    const auto number = number_of(wanted);
    if (!number || *number < 1 || *number > static_cast<double>(first.size()) || *number != std::floor(*number)) {
      return config_error(fmt::format("there is no column '{}'", wanted), where,
                          out.header ? fmt::format("the columns are {}", join(names, ", "))
                                     : fmt::format("there are {} columns, counted from 1", first.size()));
    }
    out.value = static_cast<std::size_t>(*number) - 1;
  }
  if (first.size() > 1) out.time = named("time").value_or(out.value == 0 ? 1 : 0);
  return out;
}

void add_value(SeriesText& out, std::optional<double> value, std::size_t position) {
  if (value && std::isfinite(*value)) {
    out.values.push_back(*value);
    out.positions.push_back(position);
  } else {
    ++out.missing;
  }
}

}  // namespace

Result<SeriesText> parse_series(std::string_view text, const std::string& column, const std::string& where) {
  SeriesText out;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::optional<Columns> columns;
  char separator = '\0';
  std::size_t line_number = 0, position = 0, unreadable = 0, first_unreadable = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++line_number;
    if (line.empty() || line.starts_with('#')) continue;
    if (!columns) {
      separator = separator_of(line);
      columns = TRY(find_columns(cells_of(line, separator), column, where));
      if (columns->header) continue;
    }
    const auto cells = cells_of(line, separator);
    const bool there = columns->value < cells.size();
    const auto value = there ? number_of(cells[columns->value]) : std::nullopt;
    if (!value && !(there && means_missing(cells[columns->value]))) {
      if (++unreadable == 1) first_unreadable = line_number;
    }
    const std::size_t before = out.values.size();
    add_value(out, value, position++);
    if (columns->time && out.values.size() > before) {
      out.times.emplace_back(*columns->time < cells.size() ? bare(cells[*columns->time]) : std::string_view());
    }
  }
  if (unreadable > 0 && out.values.empty()) {
    return config_error("no line has a number", fmt::format("{}:{}", where, first_unreadable),
                        "one value a line, or columns: time,value");
  }
  if (unreadable > 0) {
    out.warnings.push_back(
        fmt::format("{} lines have no number and count as missing, line {} first", unreadable, first_unreadable));
  } else if (out.missing > 0) {
    out.warnings.push_back(fmt::format("{} values are missing and left out", out.missing));
  }
  return out;
}

SeriesText parse_series_row(std::string_view line) {
  SeriesText out;
  constexpr std::string_view kBetween = ",; \t\r";
  std::size_t position = 0;
  for (std::size_t at = line.find_first_not_of(kBetween); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(kBetween, at), line.size());
    add_value(out, number_of(line.substr(at, end - at)), position++);
    at = line.find_first_not_of(kBetween, end);
  }
  if (out.missing > 0) out.warnings.push_back(fmt::format("{} values are missing and left out", out.missing));
  return out;
}

}  // namespace aios
