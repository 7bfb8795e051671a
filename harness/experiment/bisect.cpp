// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/bisect.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/experiment/budget.h"

namespace aios {
namespace {

class BisectLoop {
 public:
  BisectLoop(BisectLog& log, const CommitHistory& history, const Measurer& measurer, double budget)
      : log_(log), history_(history), measurer_(measurer), budget_(budget), rules_(log.request().rules) {}

  Result<BisectReport> run() {
    const Duration start = measurer_.clock->monotonic();
    BisectReport report;
    while (true) {
      for (const auto& measurement : log_.measurements()) rules_.exact = rules_.exact && measurement.exact;
      report.answer = TRY(search_history(history_, log_.points(), rules_));
      if (report.answer.next.empty()) break;
      if (budget_ > 0 && seconds(measurer_.clock->monotonic() - start) > budget_) {
        report.stopped = fmt::format("the budget of {} is spent", budget_text(budget_));
        break;
      }
      TRY(measurer_.cancel->check());
      TRY(step(report.answer));
    }
    return finish(std::move(report));
  }

 private:
  Status step(const BisectAnswer& answer) {
    announce(answer);
    RunRequest request = log_.request().run;
    request.subject.ref = answer.next;
    request.boots = rules_.exact ? 1 : answer.boots;
    BisectMeasurement measurement =
        TRY(measure_point(measurer_, request, log_.request().metric, answer.next, log_.id()));
    measurer_.progress->note(
        fmt::format("{} {}: {}", answer.next.substr(0, 12), title(answer.next), told(measurement)));
    return log_.add(std::move(measurement));
  }

  void announce(const BisectAnswer& answer) const {
    double spent = 0;
    for (const auto& measurement : log_.measurements()) spent += measurement.seconds;
    const std::size_t done = log_.measurements().size();
    std::string left = fmt::format("about {} left", answer.moves_left);
    if (done > 1) {
      const double each = spent / static_cast<double>(done);
      left += fmt::format(", {}", budget_text(std::max(1.0, std::ceil(each * answer.moves_left))));
    }
    measurer_.progress->phase(fmt::format("bisect: measurement {}, {} {} ({}; {})", done + 1, answer.next.substr(0, 12),
                                          title(answer.next), answer.why, left));
  }

  std::string told(const BisectMeasurement& measurement) const {
    if (measurement.point.broken) return "skipped: " + measurement.point.why;
    return fmt::format("{} {}", log_.request().metric, format_value(point_value(measurement.point), measurement.unit));
  }

  std::string title(const std::string& id) const {
    const Commit* commit = history_.find(id);
    return commit == nullptr || commit->title.empty() ? "" : fmt::format("\"{}\"", commit->title);
  }

  Result<BisectReport> finish(BisectReport report) const {
    report.request = log_.request();
    report.id = log_.id();
    report.points = log_.points();
    report.history = history_;
    report.exact = rules_.exact;
    report.commits = TRY(main_line(history_)).size();
    for (const auto& measurement : log_.measurements()) {
      if (!measurement.point.broken) report.unit = measurement.unit;
      report.boots += measurement.point.values.size();
      report.seconds += measurement.seconds;
    }
    if (report.stopped.empty() && !report.answer.settled) {
      report.stopped = fmt::format("no commit may be booted more than {} times", rules_.max_boots);
    }
    return report;
  }

  BisectLog& log_;
  const CommitHistory& history_;
  const Measurer& measurer_;
  double budget_;
  BisectRules rules_;
};

bool pinned(const std::vector<BisectStep>& steps) {
  for (const auto& step : steps) {
    if (!step.or_with.empty() || !pinned(step.inside)) return false;
  }
  return true;
}

}  // namespace

Result<BisectReport> run_bisect(BisectLog& log, const CommitHistory& history, const Measurer& measurer,
                                double budget_seconds) {
  return BisectLoop(log, history, measurer, budget_seconds).run();
}

int bisect_exit_code(const BisectReport& report) {
  return report.answer.settled && pinned(report.answer.steps) ? 0 : 4;
}

}  // namespace aios
