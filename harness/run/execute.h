// SPDX-License-Identifier: Apache-2.0
// Executes a plan: boot after boot, each stored before it is shown; faults of the lab are retried, counted and
// recorded, faults of the kernel are recorded with their evidence. What is interrupted or killed can be resumed, and
// loses nothing but the boots in flight.
//
//   auto plan = TRY(make_plan(request, catalogue, &kernel));
//   RunRecord run = TRY(execute_run(plan, request, built, env));      // run.outcome: "complete", "failed", "infra"
//   RunRecord rest = TRY(resume_run(id, plan, request, built, env));
#pragma once

#include "harness/run/run_env.h"

namespace aios {

// An error where nothing can be said of the kernel: interrupted, a bad configuration, a store that cannot be written.
// The bundle then stays unsealed, and is removed again if not one boot of it was finished.
Result<RunRecord> execute_run(const Plan& plan, const RunRequest& request, const BuiltKernel& kernel,
                              const RunEnv& env);

// The same plan from where it was left off. A config error where the bundle speaks of another plan or other inputs.
Result<RunRecord> resume_run(const std::string& id, const Plan& plan, const BuiltKernel& kernel, const RunEnv& env);

}  // namespace aios
