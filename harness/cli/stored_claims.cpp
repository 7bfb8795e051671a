// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/stored_claims.h"

#include <fmt/format.h>

#include "harness/cli/stored_runs.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/support/text.h"

namespace aios {

Result<std::vector<ClaimVerdict>> stored_claims(const Context& context, Store& store, const std::string& kernel) {
  std::vector<Claim> ledger = TRY(load_ledger(context.paths.data));
  if (!kernel.empty()) {
    std::vector<std::string> known;
    for (const auto& claim : ledger) {
      if (known.empty() || known.back() != claim.kernel) known.push_back(claim.kernel);
    }
    std::erase_if(ledger, [&](const Claim& claim) { return claim.kernel != kernel; });
    if (ledger.empty()) {
      return config_error(fmt::format("no claims of '{}'{}", kernel, did_you_mean(kernel, known)), {},
                          "claims there are of: " + join(known, ", "));
    }
  }
  return judge_claims(ledger, TRY(recent_runs(context, store)));
}

}  // namespace aios
