// SPDX-License-Identifier: Apache-2.0
// The loop of a bisection over commits: asks bisect_search what to measure, has it measured, writes it down, until the
// steps are found. Commits that cannot be built or booted are skipped and named; a fault of the lab ends the loop,
// which can then be resumed.
#pragma once

#include "harness/experiment/bisect_log.h"
#include "harness/experiment/measurer.h"

namespace aios {

struct BisectReport {
  BisectRequest request;
  std::string id;
  BisectAnswer answer;
  BisectPoints points;
  CommitHistory history;  // titles
  Unit unit = Unit::count;
  bool exact = true;
  std::size_t commits = 0;  // on the way from good to bad, both ends included
  std::size_t boots = 0;
  double seconds = 0;   // of measuring, earlier sessions included
  std::string stopped;  // why it ended before it was sure; empty: it did not
};

// `budget_seconds`: 0 for none.
Result<BisectReport> run_bisect(BisectLog& log, const CommitHistory& history, const Measurer& measurer,
                                double budget_seconds = 0);

// 0: every step has its commit; 4: not every one has.
int bisect_exit_code(const BisectReport& report);
std::string bisect_to_text(const BisectReport& report);
std::string bisect_to_json(const BisectReport& report);

}  // namespace aios
