// SPDX-License-Identifier: Apache-2.0
// The claims ledger: what the documents promise, and what was measured.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/stored_runs.h"
#include "harness/cli/text_style.h"
#include "harness/judge/claims.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/support/text.h"
#include "reports/terminal.h"

namespace aios {
namespace {

struct ClaimsFlags {
  bool json = false;
  std::string kernel;
};

Result<int> claims(Context& context, const ClaimsFlags& flags) {
  std::vector<Claim> ledger = TRY(load_ledger(context.paths.data));
  if (!flags.kernel.empty()) {
    std::vector<std::string> known;
    for (const auto& claim : ledger) {
      if (known.empty() || known.back() != claim.kernel) known.push_back(claim.kernel);
    }
    std::erase_if(ledger, [&](const Claim& claim) { return claim.kernel != flags.kernel; });
    if (ledger.empty()) {
      return config_error(fmt::format("no claims of '{}'{}", flags.kernel, did_you_mean(flags.kernel, known)), {},
                          "claims there are of: " + join(known, ", "));
    }
  }
  Store store = TRY(Store::open(context.paths.store));
  const auto rows = judge_claims(ledger, TRY(recent_runs(context, store)));
  context.print(flags.json ? claims_to_json(rows, 2) + "\n" : render_claims(rows, text_style(context)));
  for (const auto& row : rows) {
    if (row.verdict == VerdictKind::missed) return kExitRegression;
  }
  return kExitMet;
}

}  // namespace

CommandSpec claims_command() {
  return {"claims", "Print the ledger: every promise, its target, what was measured, and the verdict",
          "  aios-bench claims\n  aios-bench claims --kernel aios --json", [](FlagSet& set) -> Action {
            auto flags = std::make_shared<ClaimsFlags>();
            set.add("--kernel", flags->kernel, "Only the claims of this kernel");
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return claims(context, *flags); };
          }};
}

}  // namespace aios
