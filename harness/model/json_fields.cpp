// SPDX-License-Identifier: Apache-2.0
#include "harness/model/json_fields.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace aios {
namespace {

const Json kNull;
constexpr double kExactInteger = 9007199254740992.0;  // 2^53

std::optional<std::int64_t> as_integer(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::trunc(number) == number && std::fabs(number) <= kExactInteger) return static_cast<std::int64_t>(number);
  }
  return std::nullopt;
}

}  // namespace

OrderedJson json_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (std::trunc(value) == value && std::fabs(value) <= kExactInteger) return static_cast<std::int64_t>(value);
  return value;
}

JsonFields::JsonFields(const Json& object, std::string where) : object_(&object), where_(std::move(where)) {
  if (!object.is_object()) error_ = infra_fault("expected a JSON object", where_);
}

void JsonFields::fail(const char* key, std::string_view what) {
  if (!error_) error_ = infra_fault(fmt::format("key '{}': {}", key, what), where_);
}

Status JsonFields::status() const {
  if (error_) return *error_;
  return {};
}

const Json* JsonFields::find(const char* key) const {
  if (error_) return nullptr;
  const auto found = object_->find(key);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const Json* JsonFields::require(const char* key, const char* expected) {
  const Json* value = find(key);
  if (value == nullptr) fail(key, fmt::format("is missing, expected {}", expected));
  return value;
}

bool JsonFields::has(const char* key) const { return find(key) != nullptr; }

const Json& JsonFields::member(const char* key) {
  const Json* value = find(key);
  return value == nullptr ? kNull : *value;
}

std::string JsonFields::text(const char* key) {
  const Json* value = require(key, "text");
  return value == nullptr ? std::string() : text_or(key);
}

std::string JsonFields::text_or(const char* key, std::string fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  const auto* text = value->get_ptr<const std::string*>();
  if (text == nullptr) {
    fail(key, "expected text");
  } else if (text->size() > kMaxText) {
    fail(key, "the text is too long");
  } else {
    return *text;
  }
  return fallback;
}

double JsonFields::number(const char* key) {
  require(key, "a number");
  return number_or_none(key).value_or(0);
}

std::optional<double> JsonFields::number_or_none(const char* key) {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) {
    fail(key, "expected a number");
    return std::nullopt;
  }
  return value->get<double>();
}

std::int64_t JsonFields::integer(const char* key) {
  require(key, "a whole number");
  return integer_or(key, 0);
}

std::int64_t JsonFields::integer_or(const char* key, std::int64_t fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  const auto number = as_integer(*value);
  if (!number) fail(key, "expected a whole number of 64 bits");
  return number.value_or(fallback);
}

int JsonFields::small_or(const char* key, int fallback) {
  const std::int64_t number = integer_or(key, fallback);
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max()) {
    fail(key, "the number is out of range");
    return fallback;
  }
  return static_cast<int>(number);
}

bool JsonFields::boolean_or(const char* key, bool fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) {
    fail(key, "expected true or false");
    return fallback;
  }
  return value->get<bool>();
}

std::vector<std::string> JsonFields::texts_or_none(const char* key) {
  std::vector<std::string> out;
  each(key, [&](const Json& item, const std::string& where) -> Status {
    if (!item.is_string()) return infra_fault("expected text", where);
    out.push_back(item.get<std::string>());
    return {};
  });
  return out;
}

std::map<std::string, std::string> JsonFields::text_map_or_none(const char* key) {
  std::map<std::string, std::string> out;
  const Json* value = find(key);
  if (value == nullptr) return out;
  if (!value->is_object()) {
    fail(key, "expected an object of texts");
    return out;
  }
  for (const auto& [name, item] : value->items()) {
    if (!item.is_string()) {
      fail(key, fmt::format("'{}' is not a text", name));
      return out;
    }
    out[name] = item.get<std::string>();
  }
  return out;
}

void JsonFields::each(const char* key, const std::function<Status(const Json&, const std::string&)>& read) {
  const Json* value = find(key);
  if (value == nullptr) return;
  if (!value->is_array()) return fail(key, "expected a list");
  if (value->size() > kMaxItems) return fail(key, "the list is too long");
  std::size_t index = 0;
  for (const Json& item : *value) {
    Status done = read(item, fmt::format("{}: {}[{}]", where_, key, index++));
    if (!done.ok()) {
      error_ = std::move(done).error();
      return;
    }
  }
}

}  // namespace aios
