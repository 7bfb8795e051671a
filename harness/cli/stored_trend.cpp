// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/stored_trend.h"

#include <fmt/format.h>

#include "harness/experiment/calibration.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr int kMostRuns = 2000;

Result<std::vector<RunRecord>> history(const Context& context, Store& store, const TrendQuery& query) {
  RunFilter filter;
  filter.kernel = query.kernel;
  filter.label = query.label;
  filter.machine = query.machine;
  std::vector<RunRecord> out;
  const int most = query.last > 0 ? std::min(query.last, kMostRuns) : kMostRuns;
  for (const auto& summary : TRY(store.list(filter))) {  // newest first
    TRY(context.cancel.check());
    if (static_cast<int>(out.size()) >= most) break;
    if (!summary.error.empty() || is_null_change(summary.label)) continue;
    auto stored = store.read_run(summary.id);
    if (!stored.ok()) {
      context.progress.note(fmt::format("{} is left out: {}", summary.id, stored.error().what));
      continue;
    }
    out.push_back(std::move(stored.value().run));
  }
  return out;
}

}  // namespace

Result<Trend> stored_trend(const Context& context, Store& store, const TrendQuery& query) {
  const std::vector<RunRecord> runs = TRY(history(context, store, query));
  if (runs.empty()) {
    return config_error(query.kernel.empty() ? "there is no run in this store"
                                             : fmt::format("there is no run of '{}' in this store", query.kernel),
                        store.root().string(),
                        "make some: aios-bench run " + (query.kernel.empty() ? "debian" : query.kernel));
  }
  TrendOptions options;
  options.metrics = query.metrics;
  options.level = query.level;
  options.fence = [&](const std::string& kernel, const std::string& machine, const std::string& metric) {
    const auto taught = load_calibration(store, machine, kernel);
    return taught ? taught->fence_for(metric) : std::nullopt;
  };
  Trend found = TRY(judge_trend(runs, options));
  if (found.series.empty()) {
    return config_error(fmt::format("no run has a metric {}", join(query.metrics, ", ")), store.root().string(),
                        "aios-bench list metrics; a '*' at the end stands for any rest");
  }
  return found;
}

}  // namespace aios
