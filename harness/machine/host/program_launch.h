// SPDX-License-Identifier: Apache-2.0
// How a guest program is started on this host: pinned to one processor, with the harness off that processor as long as
// it runs, and never as root. Run as root it could change what belongs to the host (the setting of huge pages).
#pragma once

#include <sched.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/support/result.h"

namespace aios::host {

struct LaunchPlan {
  std::vector<std::string> argv;
  std::string user;  // as whom, for the evidence
};

// Makes `folder`, the only place that the program may write to. Of a harness that is root the program becomes a copy in
// it, and the folder is handed to an ordinary user ("nobody").
Result<LaunchPlan> plan_launch(std::vector<std::string> argv, const std::filesystem::path& folder);

// This thread, and what it starts, on `processor`; then away() keeps the thread itself off it, where there is another.
// The thread's own processors come back with the end of the object.
class ProcessorHold {
 public:
  explicit ProcessorHold(int processor);
  ~ProcessorHold();
  ProcessorHold(const ProcessorHold&) = delete;
  ProcessorHold& operator=(const ProcessorHold&) = delete;

  bool held() const { return held_; }
  void away();

 private:
  int processor_;
  cpu_set_t before_{};
  bool known_ = false, held_ = false;
};

}  // namespace aios::host
