// SPDX-License-Identifier: Apache-2.0
// Configuration as text: what fragments ask for, what a .config says, and the merge of the two. A fragment is read as a
// person writes it: "CONFIG_X=y   # why", and the why is kept, because the audit shows it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/files.h"

namespace aios {

// One line of a fragment. Names are without CONFIG_; "n" stands for "is not set"; strings keep their quotes.
struct OptionRequest {
  std::string name;
  std::string value;
  std::string reason;  // the comment behind the line
  std::string file;    // as named in the manifest
  int line = 0;
};

using ConfigValues = std::map<std::string, std::string, std::less<>>;

Result<std::vector<OptionRequest>> parse_fragment(std::string_view text, std::string_view file);
Result<std::vector<OptionRequest>> read_fragment(const fs::path& path, std::string_view shown_as);

// The options of a .config that are set; one that is not set is not in the map.
ConfigValues parse_dot_config(std::string_view text);
// "n" if it is not there.
std::string config_value(const ConfigValues& values, std::string_view name);

// The base with every request applied in order, the last one winning: input for KCONFIG_ALLCONFIG, so that what nobody
// asked for stays off instead of taking its default.
std::string merge_requests(std::string_view base_config, const std::vector<OptionRequest>& requests);

}  // namespace aios
