// SPDX-License-Identifier: Apache-2.0
// JSON without exceptions: parse with a bound, and typed reads whose errors name the key. Include this in .cpp files
// only.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "harness/support/result.h"

namespace aios {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

// `where` names the source in errors. Documents nested deeper than 64 levels are refused.
Result<Json> parse_json(std::string_view text, std::string_view where);
// Text from a guest may not be UTF-8; bad bytes are replaced, never thrown at.
std::string dump_json(const Json& value, int indent = -1);
std::string dump_json(const OrderedJson& value, int indent = -1);

Result<std::string> get_string(const Json& object, const char* key, std::string_view where);
Result<double> get_number(const Json& object, const char* key, std::string_view where);

// Missing or of another type: the default.
std::string string_or(const Json& object, const char* key, std::string fallback = {});
double number_or(const Json& object, const char* key, double fallback);

}  // namespace aios
