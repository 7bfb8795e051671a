// SPDX-License-Identifier: Apache-2.0
// How a planned boot starts: cold, from power-on, or from a guest that was booted and saved before. A saved guest goes
// on at POINT 4 of aios-init, where a cold one comes by too and executes the same from there on; so whatever a scenario
// measures after it is the same both ways. What measures the boot itself is always booted cold.
#pragma once

#include "harness/image/initramfs.h"
#include "harness/run/boot_recipe.h"
#include "harness/run/run_env.h"

namespace aios {

inline constexpr char kColdStart[] = "cold", kRestoredStart[] = "restored";

// Whether this boot may go on from a saved guest.
bool may_be_restored(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel, const RunEnv& env);

struct RestoredStart {
  fs::path state;
  std::string key;
};

// Saves the guest first where that was not done yet. An error other than `interrupted` is a reason to boot cold.
Result<RestoredStart> restored_start(const BootRecipe& recipe, const ImageFile& initramfs, const RunEnv& env,
                                     const std::string& name);

}  // namespace aios
