// SPDX-License-Identifier: Apache-2.0
#include "harness/model/migration.h"

#include <fmt/format.h>

#include "harness/support/json.h"

namespace aios {

Status migrate_schema(nlohmann::json& document, int current, const std::vector<SchemaStep>& steps,
                      const std::string& where) {
  const auto found = document.is_object() ? document.find("schema") : document.end();
  if (found == document.end() || !found->is_number_integer()) {
    return infra_fault("key 'schema' is missing: this was not written by aios-bench", where);
  }
  const auto schema = found->get<std::int64_t>();
  if (schema > current) {
    return config_error(fmt::format("written in format {}, this version reads up to {}", schema, current), where,
                        "use the aios-bench that wrote it, or a newer one");
  }
  for (auto at = static_cast<int>(schema < -1 ? -1 : schema); at < current; ++at) {
    const SchemaStep* step = nullptr;
    for (const SchemaStep& candidate : steps) {
      if (candidate.from == at) step = &candidate;
    }
    if (step == nullptr) return config_error(fmt::format("nothing reads format {} any more", schema), where);
    TRY(step->apply(document));
    document["schema"] = at + 1;
  }
  return {};
}

}  // namespace aios
