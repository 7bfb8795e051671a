// SPDX-License-Identifier: Apache-2.0
// The inner loop of an engineer: measure once as the baseline, then again at each save, and say what moved. What waits
// for a save and what measures come in from outside, so that the loop is tested without files and machines. What does
// not build or boot is told, and the loop waits on; the first run that goes through is the baseline.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/experiment/measurer.h"
#include "harness/judge/comparison.h"

namespace aios {

struct SavedFiles {
  std::vector<std::string> names;  // below the watched folder, bounded
  Duration at{0};                  // on the measurer's clock: the first save
};

struct WatchRound {
  int number = 0;  // 0: before the first save
  SavedFiles saved;
  std::optional<RunRecord> run;  // that went through
  std::optional<Error> failure;  // it did not build, not boot, or could not be measured
  bool baseline = false;         // the run is what the next ones are held to
  std::optional<Comparison> to_baseline, to_last;
  double seconds = 0;  // from the save to the numbers
};

struct WatchInputs {
  // Until files have been saved and nothing has been for a moment. `interrupted` ends the loop.
  std::function<Result<SavedFiles>()> wait;
  std::function<void(const WatchRound&)> show;
};

// Until it is interrupted; returns how many rounds there were. An error where going on is of no use: the request itself
// is wrong (a misspelt scenario), or nothing can be watched any more.
Result<int> watch_loop(const RunRequest& request, const Measurer& measurer, const WatchInputs& inputs);

}  // namespace aios
