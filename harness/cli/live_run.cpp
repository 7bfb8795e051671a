// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/live_run.h"

#include <fmt/format.h>

#include "harness/experiment/boot_cost.h"
#include "harness/experiment/budget.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kRunsRead = 3;
constexpr std::size_t kFiguresShown = 4;

}  // namespace

LiveRun::LiveRun(Progress& to, const Plan& plan, std::map<std::string, double> seconds, int jobs)
    : to_(to), plan_(plan), seconds_(std::move(seconds)), jobs_(plan.exact() && !plan.black_box ? jobs : 1) {}

// The sum over the boots, shared among those that go side by side; nothing where a scenario was never run.
std::optional<double> LiveRun::seconds_left() const {
  double total = 0;
  for (const PlannedBoot& boot : plan_.boots) {
    const auto known = seconds_.find(boot.scenario);
    if (known == seconds_.end()) return std::nullopt;
    total += known->second;
  }
  return std::max(0.0, total - seconds_done_) / std::max(1, jobs_);
}

void LiveRun::announce() {
  if (plan_.on_running_kernel() || plan_.boots.size() < 2) return;
  std::vector<std::string> names;
  for (const Scenario& scenario : plan_.scenarios) names.push_back(scenario.name);
  std::string text = fmt::format("{}: {} boots on {} ({}): {}", plan_.name, plan_.boots.size(), plan_.machine.name,
                                 plan_.mode, join(names, ", "));
  if (plan_.perturbations.size() > 1)
    text +=
        fmt::format("; {} null change{}", plan_.perturbations.size() - 1, plan_.perturbations.size() == 2 ? "" : "s");
  if (const auto left = seconds_left()) text += fmt::format("; about {}", budget_text(std::max(1.0, *left)));
  to_.note(text);
}

void LiveRun::step(const ProgressStep& step) {
  ProgressStep whole = step;
  if (step.total == 0 && plan_.boots.size() > 1) {
    whole.done = done_;
    whole.total = plan_.boots.size();
  }
  if (!step.seconds_left) whole.seconds_left = seconds_left();
  to_.step(whole);
}

void LiveRun::boot_over(const BootRecord& boot, const std::vector<Sample>& samples, bool show_figures) {
  ++done_;
  if (const auto known = seconds_.find(boot.scenario); known != seconds_.end()) {
    seconds_done_ = seconds_done_ + known->second;
  }
  if (!show_figures || !boot.ok || samples.empty()) return;
  std::vector<std::string> shown;
  for (const Sample& sample : samples) {
    if (sample.skipped || shown.size() == kFiguresShown) continue;
    shown.push_back(fmt::format("{} {}", sample.metric, format_value(sample.value, sample.unit)));
  }
  const std::size_t more = samples.size() - shown.size();
  to_.note(fmt::format("{}: {}{}", boot.scenario, join(shown, ", "), more > 0 ? fmt::format(", {} more", more) : ""));
}

std::map<std::string, double> known_boot_seconds(Store& store, const Plan& plan, const std::string& kernel) {
  std::map<std::string, double> out;
  RunFilter filter;
  filter.kernel = kernel;
  filter.machine = plan.machine.name;
  filter.outcome = "complete";
  filter.limit = kRunsRead;
  const auto found = store.list(filter);
  if (!found.ok()) return out;  // a guess less
  std::vector<RunRecord> runs;
  for (const RunSummary& summary : *found) {
    auto run = store.read_run(summary.id);
    if (run.ok()) runs.push_back(std::move(run->run));
  }
  for (const Scenario& scenario : plan.scenarios) {
    const BootCost cost = learn_boot_cost(runs, kernel, plan.machine.name, {scenario.name});
    if (cost.boots > 0) out[scenario.name] = cost.seconds;
  }
  return out;
}

}  // namespace aios
