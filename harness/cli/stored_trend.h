// SPDX-License-Identifier: Apache-2.0
// The history of the runs in a store, judged: which of them are asked about, and what a calibration taught of them.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/judge/trend.h"
#include "harness/store/store.h"

namespace aios {

struct TrendQuery {
  std::string kernel, label, machine;  // empty: any
  std::vector<std::string> metrics;    // names, or beginnings with a '*'
  int last = 0;                        // only the newest so many runs; 0: all
  double level = 0.01;
};

// A config error where no run or no metric is of that kind.
Result<Trend> stored_trend(const Context& context, Store& store, const TrendQuery& query);

}  // namespace aios
