// SPDX-License-Identifier: Apache-2.0
// The claims ledger: what the documents promise, and what was measured.
#include "harness/cli/commands.h"
#include "harness/cli/stored_claims.h"
#include "harness/cli/text_style.h"
#include "reports/terminal.h"

namespace aios {
namespace {

struct ClaimsFlags {
  bool json = false;
  std::string kernel;
};

Result<int> claims(Context& context, const ClaimsFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const auto rows = TRY(stored_claims(context, store, flags.kernel));
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
