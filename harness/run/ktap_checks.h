// SPDX-License-Identifier: Apache-2.0
// What a console says in KTAP (kselftest, KUnit) as checks of the run: `ktap.SUITE/CASE` is yes or no like every other
// check, so that compare and gate see a test that broke. Names come from the guest: made plain, cut, bounded in number,
// and never one of the metrics that a run defines; those are the totals, and whether all that was planned came.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/metric.h"

namespace aios {

inline constexpr char kKtapComplete[] = "ktap.complete";
inline constexpr char kKtapPassed[] = "ktap.passed";
inline constexpr char kKtapFailed[] = "ktap.failed";
inline constexpr char kKtapSkipped[] = "ktap.skipped";

struct KtapChecks {
  std::vector<Sample> samples;     // none: this console speaks no KTAP
  std::vector<std::string> notes;  // what failed, in a sentence
};

// `cut`: the middle of the console was dropped.
KtapChecks ktap_checks(std::string_view console, const std::string& scenario, bool cut = false);

// The definitions of the totals.
const std::vector<Metric>& ktap_metrics();

}  // namespace aios
