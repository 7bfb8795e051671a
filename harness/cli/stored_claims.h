// SPDX-License-Identifier: Apache-2.0
// The ledger, judged on the runs in a store.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/judge/claims.h"
#include "harness/store/store.h"

namespace aios {

// `kernel`: only its claims; empty: all.
Result<std::vector<ClaimVerdict>> stored_claims(const Context& context, Store& store, const std::string& kernel);

}  // namespace aios
