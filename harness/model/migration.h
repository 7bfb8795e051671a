// SPDX-License-Identifier: Apache-2.0
// Stored JSON carries "schema": N. What an older version wrote is brought up step by step before it is read; what a
// newer one wrote is refused with a hint, never half understood.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/support/result.h"

namespace aios {

struct SchemaStep {
  int from = 0;  // turns schema `from` into `from + 1`
  Status (*apply)(nlohmann::json& document) = nullptr;
};

Status migrate_schema(nlohmann::json& document, int current, const std::vector<SchemaStep>& steps,
                      const std::string& where);

}  // namespace aios
