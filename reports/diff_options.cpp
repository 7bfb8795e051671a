// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "harness/support/text.h"
#include "reports/diff.h"

namespace aios {
namespace {

std::map<std::string, std::string> options_of(std::string_view text) {
  constexpr std::string_view kPrefix = "CONFIG_";
  constexpr std::string_view kNotSet = " is not set";
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool off = line.starts_with("# CONFIG_") && line.ends_with(kNotSet);
    if (off) line = line.substr(2, line.size() - 2 - kNotSet.size());
    if (!line.starts_with(kPrefix)) continue;
    const auto equals = line.find('=');
    if (off) {
      out[std::string(line.substr(kPrefix.size()))] = "n";
    } else if (equals != std::string_view::npos) {
      out[std::string(line.substr(kPrefix.size(), equals - kPrefix.size()))] = line.substr(equals + 1);
    }
  }
  return out;
}

// 0: one side has it on and the other off or not at all; 1: another value; 2: off here, unknown there.
int rank_of(const TextDifference& option) {
  const auto on = [](const std::string& value) { return value == "y" || value == "m"; };
  const auto off = [](const std::string& value) { return value == "n" || value.empty(); };
  if ((on(option.first) && off(option.second)) || (off(option.first) && on(option.second))) return 0;
  return off(option.first) && off(option.second) ? 2 : 1;
}

}  // namespace

std::vector<TextDifference> option_differences(std::string_view first, std::string_view second) {
  const auto a = options_of(first);
  const auto b = options_of(second);
  std::vector<TextDifference> out;
  for (const auto& [name, value] : a) {
    const auto found = b.find(name);
    if (found == b.end() || found->second != value) out.push_back({name, value, found == b.end() ? "" : found->second});
  }
  for (const auto& [name, value] : b) {
    if (!a.contains(name)) out.push_back({name, "", value});
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& x, const auto& y) {
    return std::pair(rank_of(x), std::string_view(x.name)) < std::pair(rank_of(y), std::string_view(y.name));
  });
  return out;
}

}  // namespace aios
