// SPDX-License-Identifier: Apache-2.0
// What a person sees of a run while it goes on: the plan before the first boot, with every step how many boots are done
// and what is left by the runs that were made before, and the figures of each boot when it is over.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "harness/model/run_record.h"
#include "harness/run/plan.h"
#include "harness/store/store.h"
#include "harness/support/progress.h"

namespace aios {

class LiveRun final : public Progress {
 public:
  // `seconds`: of one boot of each scenario, where that is known.
  LiveRun(Progress& to, const Plan& plan, std::map<std::string, double> seconds, int jobs);

  void announce();
  void boot_over(const BootRecord& boot, const std::vector<Sample>& samples, bool show_figures);

  void phase(std::string_view text) override { to_.phase(text); }
  void step(const ProgressStep& step) override;
  void note(std::string_view text) override { to_.note(text); }
  void console(std::string_view line) override { to_.console(line); }

 private:
  std::optional<double> seconds_left() const;

  Progress& to_;
  const Plan& plan_;
  std::map<std::string, double> seconds_;
  int jobs_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<double> seconds_done_{0};
};

// From the newest runs of this kernel on this machine; scenarios that have none are missing.
std::map<std::string, double> known_boot_seconds(Store& store, const Plan& plan, const std::string& kernel);

}  // namespace aios
