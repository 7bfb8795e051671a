// SPDX-License-Identifier: Apache-2.0
#include "reports/report_model.h"

#include <algorithm>
#include <utility>

#include "harness/judge/compare.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kTailLines = 60;
constexpr std::size_t kTailBytes = 16384;
constexpr std::size_t kLongestLine = 400;

}  // namespace

ReportModel make_report(std::vector<RunRecord> runs, std::vector<ClaimVerdict> claims, std::string generated,
                        std::string harness_version) {
  ReportModel model;
  model.runs = std::move(runs);
  model.claims = std::move(claims);
  model.generated = std::move(generated);
  model.harness_version = std::move(harness_version);
  if (model.runs.size() == 2) {
    model.comparison = compare_runs(model.runs[0], model.runs[1]);
    std::swap(model.runs[0], model.runs[1]);
  }
  for (const RunRecord& run : model.runs) {
    if (run.config_audit_json.empty()) continue;
    auto audit = audit_from_json(run.config_audit_json, "the run's config audit");
    if (audit.ok() && !audit->rows.empty()) model.audits.push_back(std::move(audit).value());
  }
  return model;
}

LogTail log_tail(std::size_t run, int boot, std::string name, std::string_view text) {
  LogTail tail{.run = run, .boot = boot, .name = std::move(name)};
  const auto all = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() > kTailBytes) {
    text.remove_prefix(text.size() - kTailBytes);
    const auto end = text.find('\n');
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  tail.lines = split(text, '\n');
  if (tail.lines.size() > kTailLines) tail.lines.erase(tail.lines.begin(), tail.lines.end() - kTailLines);
  for (std::string& line : tail.lines) {
    while (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.size() > kLongestLine) line.resize(kLongestLine);
  }
  tail.lines_left_out = all > tail.lines.size() ? all - tail.lines.size() : 0;
  return tail;
}

}  // namespace aios
