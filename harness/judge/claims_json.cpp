// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claims.h"
#include "harness/support/json.h"

namespace aios {

std::string claims_to_json(const std::vector<ClaimVerdict>& rows, int indent) {
  OrderedJson array = OrderedJson::array();
  for (const ClaimVerdict& row : rows) {
    OrderedJson object{{"id", row.claim.id},
                       {"kernel", row.claim.kernel},
                       {"claim", row.claim.text},
                       {"target", row.target_text},
                       {"value", nullptr},
                       {"unit", to_string(row.unit)},
                       {"fidelity", nullptr},
                       {"verdict", to_string(row.verdict)},
                       {"reason", row.reason},
                       {"run", row.run},
                       {"source", row.claim.source},
                       {"needs", row.claim.needs},
                       {"machine", row.claim.machine_file}};
    if (row.value) object["value"] = *row.value;
    if (row.fidelity) object["fidelity"] = to_string(*row.fidelity);
    array.push_back(std::move(object));
  }
  return dump_json(array, indent);
}

}  // namespace aios
