// SPDX-License-Identifier: Apache-2.0
// What measures, as the loops of this room see it: a request goes in, a stored run comes out. The command line fills it
// with the real thing (build, plan, execute, store); tests put in a scripted one, so that a loop of a thousand runs is
// tested without a machine.
//
// A side that is not named by a subject but lies in the store is read, never measured: `measure` is only asked for what
// has to be run.
#pragma once

#include <functional>

#include "harness/model/run_record.h"
#include "harness/run/interleave.h"
#include "harness/run/request.h"
#include "harness/support/cancel.h"
#include "harness/support/clock.h"
#include "harness/support/progress.h"

namespace aios {

struct Measurer {
  // Builds where needed, boots, stores. An error where nothing can be said of the kernel (interrupted, configuration,
  // the lab); a kernel that does not build, boot or finish is a run whose outcome says so, or a kernel_fault.
  std::function<Result<RunRecord>(const RunRequest&)> measure;

  const Clock* clock = nullptr;
  const CancelToken* cancel = nullptr;
  Progress* progress = nullptr;

  // Both boot by boot in turn; empty where only one after the other can be measured.
  std::function<Result<InterleavedRuns>(const RunRequest& first, const RunRequest& second, const Interleaving&)>
      measure_in_turn;
};

}  // namespace aios
