// SPDX-License-Identifier: Apache-2.0
// A Redfish service over HTTP, by libcurl: JSON comes and goes as text. 401 and 403 are config errors, what does not
// answer is an infra_fault.
#pragma once

#include <string>

#include "harness/model/board_settings.h"
#include "harness/support/result.h"

namespace aios::board {

class RedfishService {
 public:
  RedfishService(const BoardPower& power, std::string password) : power_(power), password_(std::move(password)) {}

  std::string name() const { return "the Redfish service at " + power_.url; }
  Result<std::string> get(const std::string& path) const { return call("GET", path, {}); }
  Result<std::string> send(const char* method, const std::string& path, const std::string& json) const {
    return call(method, path, json);
  }

 private:
  Result<std::string> call(const std::string& method, const std::string& path, const std::string& body) const;
  BoardPower power_;
  std::string password_;
};

}  // namespace aios::board
