// SPDX-License-Identifier: Apache-2.0
// Two plans boot by boot in turn, for figures that drift with the host: in each block every scenario is booted once on
// either side, one right after the other, and a recorded seed draws which comes first. Each side stays a run of its
// own, with its bundle; both name the other, the seed and the order in their provenance, so that the judge can pair
// them.
//
//   auto both = TRY(execute_interleaved({&plan_a, &request_a, &built_a, env}, {&plan_b, ...}, {.seed = 7}));
#pragma once

#include <cstdint>
#include <functional>

#include "harness/run/run_env.h"

namespace aios {

struct InterleavedSide {
  const Plan* plan = nullptr;
  const RunRequest* request = nullptr;
  const BuiltKernel* kernel = nullptr;
  RunEnv env;
};

struct Interleaving {
  std::uint64_t seed = 0;
  // Asked after each block that both sides finished: is that enough? Nothing: as many as were planned.
  std::function<bool(const RunRecord& first, const RunRecord& second, int blocks)> enough;
};

struct InterleavedRuns {
  RunRecord first, second;
  int blocks = 0;
  std::string order;  // a letter a boot: "ABBA" is A, B, then B, A
};

// Does the second side go first in this pair of boots? The same answer on every host.
bool second_goes_first(std::uint64_t seed, int boot);

// A config error where the plans are not boot for boot alike. Where a side stops (its kernel does not come up, the lab
// fails) both stop, and both are sealed with what they have.
Result<InterleavedRuns> execute_interleaved(const InterleavedSide& first, const InterleavedSide& second,
                                            const Interleaving& how);

}  // namespace aios
