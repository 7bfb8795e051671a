// SPDX-License-Identifier: Apache-2.0
// Typed, bounded reads of one JSON object whose first error sticks: read all fields, then ask status() once. Numbers
// outside their range, texts and lists past their bound are errors that name the key. For .cpp files only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/json.h"

namespace aios {

class JsonFields {
 public:
  static constexpr std::size_t kMaxText = 16U << 20;
  static constexpr std::size_t kMaxItems = 4U << 20;

  JsonFields(const Json& object, std::string where);

  bool has(const char* key) const;
  std::string text(const char* key);  // required
  std::string text_or(const char* key, std::string fallback = {});
  double number(const char* key);
  std::optional<double> number_or_none(const char* key);
  std::int64_t integer(const char* key);
  std::int64_t integer_or(const char* key, std::int64_t fallback);
  int small_or(const char* key, int fallback);
  bool boolean_or(const char* key, bool fallback);
  std::vector<std::string> texts_or_none(const char* key);
  std::map<std::string, std::string> text_map_or_none(const char* key);
  const Json& member(const char* key);  // null where it is missing
  // Every item of an array (missing: none), each read by `read`, whose error sticks.
  void each(const char* key, const std::function<Status(const Json& item, const std::string& where)>& read);
  // A word of a fixed vocabulary: `parse` is one of parse_unit, parse_fidelity...
  template <typename T>
  void word(const char* key, T& into, Result<T> (*parse)(std::string_view)) {
    const std::string name = text(key);
    if (error_) return;
    Result<T> parsed = parse(name);
    if (parsed.ok()) {
      into = *parsed;
    } else {
      fail(key, parsed.error().what);
    }
  }
  void fail(const char* key, std::string_view what);
  Status status() const;

 private:
  const Json* find(const char* key) const;
  const Json* require(const char* key, const char* expected);

  const Json* object_;
  std::string where_;
  std::optional<Error> error_;
};

// A whole number is written without ".0"; what JSON cannot say (NaN, infinity) as null.
OrderedJson json_number(double value);

}  // namespace aios
