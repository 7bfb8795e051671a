// SPDX-License-Identifier: Apache-2.0
#include "harness/build/kconfig_fragment.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::string_view kPrefix = "CONFIG_";
constexpr std::string_view kNotSet = " is not set";

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// "# CONFIG_X is not set", the way a .config says no.
std::optional<std::string_view> not_set(std::string_view line) {
  if (!line.starts_with("# CONFIG_") || !line.ends_with(kNotSet)) return std::nullopt;
  line.remove_prefix(2 + kPrefix.size());
  line.remove_suffix(kNotSet.size());
  return is_name(line) ? std::optional(line) : std::nullopt;
}

// Splits `y   # why` and `"a # b"  # why`; an unclosed string has no end.
std::optional<std::pair<std::string, std::string>> split_value(std::string_view rest) {
  std::size_t end = 0;
  if (rest.starts_with('"')) {
    end = 1;
    while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
    if (end >= rest.size()) return std::nullopt;
    ++end;
  } else {
    end = std::min(rest.find_first_of(" \t#"), rest.size());
  }
  const std::string_view tail = trim(rest.substr(end));
  if (end == 0 || (!tail.empty() && tail.front() != '#')) return std::nullopt;
  return std::pair(std::string(rest.substr(0, end)), std::string(trim(tail.empty() ? tail : tail.substr(1))));
}

}  // namespace

Result<std::vector<OptionRequest>> parse_fragment(std::string_view text, std::string_view file) {
  std::vector<OptionRequest> requests;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = trim(take_line(text));
    if (const auto name = not_set(line)) {
      requests.push_back({std::string(*name), "n", {}, std::string(file), number});
      continue;
    }
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    const std::string where = fmt::format("{}:{}", file, number);
    if (!line.starts_with(kPrefix) || equals == std::string_view::npos ||
        !is_name(line.substr(kPrefix.size(), equals - kPrefix.size()))) {
      return config_error(fmt::format("'{}' is not a configuration line", printable(line)), where,
                          "write CONFIG_NAME=value, or # CONFIG_NAME is not set");
    }
    auto value = split_value(trim(line.substr(equals + 1)));
    if (!value) return config_error(fmt::format("'{}' has no value that can be read", printable(line)), where);
    requests.push_back({std::string(line.substr(kPrefix.size(), equals - kPrefix.size())), std::move(value->first),
                        std::move(value->second), std::string(file), number});
  }
  return requests;
}

Result<std::vector<OptionRequest>> read_fragment(const fs::path& path, std::string_view shown_as) {
  return parse_fragment(TRY(read_file(path, 4U << 20)), shown_as);
}

ConfigValues parse_dot_config(std::string_view text) {
  ConfigValues values;
  while (!text.empty()) {
    const std::string_view line = trim(take_line(text));
    const auto equals = line.find('=');
    if (!line.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    const std::string_view value = line.substr(equals + 1);
    if (value == "n") continue;
    values.insert_or_assign(std::string(line.substr(kPrefix.size(), equals - kPrefix.size())), std::string(value));
  }
  return values;
}

std::string config_value(const ConfigValues& values, std::string_view name) {
  const auto found = values.find(name);
  return found == values.end() ? "n" : found->second;
}

std::string merge_requests(std::string_view base_config, const std::vector<OptionRequest>& requests) {
  ConfigValues asked;
  for (const auto& request : requests) asked.insert_or_assign(request.name, request.value);
  std::string merged;
  while (!base_config.empty()) {
    const std::string_view line = take_line(base_config);
    std::string_view name;
    if (const auto off = not_set(line)) {
      name = *off;
    } else if (line.starts_with(kPrefix) && line.find('=') != std::string_view::npos) {
      name = line.substr(kPrefix.size(), line.find('=') - kPrefix.size());
    }
    if (!name.empty() && !asked.contains(name)) merged += fmt::format("{}\n", line);
  }
  for (const auto& [name, value] : asked) {
    merged += value == "n" ? fmt::format("# CONFIG_{} is not set\n", name) : fmt::format("CONFIG_{}={}\n", name, value);
  }
  return merged;
}

}  // namespace aios
