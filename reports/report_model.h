// SPDX-License-Identifier: Apache-2.0
// Everything that one report shows, as one value: the runs, what the judge said of them, and the ends of the logs. The
// writers (HTML, Markdown, JSON) read this and nothing else, so that they cannot disagree; a report grows by a field
// here and a section in each writer that wants it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/build/config_audit.h"
#include "harness/judge/comparison.h"
#include "harness/judge/explain.h"
#include "harness/judge/trend.h"
#include "harness/model/run_record.h"
#include "harness/model/verdict.h"
#include "reports/explained_graphs.h"

namespace aios {

// The end of a guest's console or screen: bounded, line by line.
struct LogTail {
  std::size_t run = 0;  // index into ReportModel::runs
  int boot = 0;
  std::string name;  // "console"
  std::vector<std::string> lines;
  std::size_t lines_left_out = 0;
};

struct ReportModel {
  std::vector<RunRecord> runs;           // the first is what the report is about
  std::optional<Comparison> comparison;  // its second side is runs[0], its first, the measure, runs[1]
  std::vector<ClaimVerdict> claims;
  std::vector<ConfigAudit> audits;         // of the runs that have one
  std::vector<TrendSeries> history;        // of runs[0]'s kernel on its machine, over the runs of a store
  std::optional<Explanation> explanation;  // where the runs have profiles; no second name: of one run alone
  std::vector<ExplainedGraphs> graphs;     // of the explanation's metrics, or of some
  std::vector<LogTail> logs;
  std::string generated;  // UTC; comes from the caller's clock
  std::string harness_version;
};

// Of two runs the first is the measure and the second is judged against it, as in `compare`. Reads the audits out of
// the runs. An audit that cannot be read is left out.
ReportModel make_report(std::vector<RunRecord> runs, std::vector<ClaimVerdict> claims, std::string generated,
                        std::string harness_version);

// The last lines of a log (60 lines, 16 KiB), for ReportModel::logs.
LogTail log_tail(std::size_t run, int boot, std::string name, std::string_view text);

}  // namespace aios
