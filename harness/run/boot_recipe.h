// SPDX-License-Identifier: Apache-2.0
// From a planned boot to what a machine is given: the spec of the boot and what is expected of it. Pure but for a look
// at what kind of image a black box is.
#pragma once

#include "harness/machine/boot_spec.h"
#include "harness/machine/watch_plan.h"
#include "harness/model/kernel.h"
#include "harness/run/plan.h"
#include "harness/support/cancel.h"

namespace aios {

struct BootRecipe {
  BootSpec spec;
  WatchPlan watch;
};

// `scratch` is where an ISO is made for an image that only GRUB starts.
Result<BootRecipe> boot_recipe(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel,
                               const std::filesystem::path& initrd, const std::filesystem::path& scratch,
                               const CancelToken* cancel);

// The file that is booted: a microvm takes the unpacked kernel where there is one.
std::filesystem::path boot_image(const Plan& plan, const BuiltKernel& kernel);

}  // namespace aios
