// SPDX-License-Identifier: Apache-2.0
#include "harness/support/json.h"

#include <fmt/format.h>

namespace aios {

Result<Json> parse_json(std::string_view text, std::string_view where) {
  bool too_deep = false;
  const auto bounded = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > 64) too_deep = true;
    return !too_deep;
  };
  Json value = Json::parse(text.begin(), text.end(), bounded, /*allow_exceptions=*/false);
  if (too_deep) return infra_fault("JSON is nested too deeply", std::string(where));
  if (value.is_discarded()) return infra_fault("not valid JSON", std::string(where));
  return value;
}

std::string dump_json(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string dump_json(const OrderedJson& value, int indent) {
  return value.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

Result<std::string> get_string(const Json& object, const char* key, std::string_view where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end() || !found->is_string()) {
    return infra_fault(fmt::format("key '{}' is missing or not a string", key), std::string(where));
  }
  return found->get<std::string>();
}

Result<double> get_number(const Json& object, const char* key, std::string_view where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end() || !found->is_number()) {
    return infra_fault(fmt::format("key '{}' is missing or not a number", key), std::string(where));
  }
  return found->get<double>();
}

std::string string_or(const Json& object, const char* key, std::string fallback) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::move(fallback);
}

double number_or(const Json& object, const char* key, double fallback) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_number() ? found->get<double>() : fallback;
}

}  // namespace aios
