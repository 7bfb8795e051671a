// SPDX-License-Identifier: Apache-2.0
// Lenient reads of a JSON object that this project wrote itself: what is missing or of another type is empty or false.
// Include this in .cpp files only, as json.h.
#pragma once

#include <string>
#include <vector>

#include "harness/support/json.h"

namespace aios {

inline std::vector<std::string> strings_of(const Json& object, const char* key) {
  std::vector<std::string> out;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return out;
  for (const auto& item : *found) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

inline bool flag(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

}  // namespace aios
