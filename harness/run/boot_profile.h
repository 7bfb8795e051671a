// SPDX-License-Identifier: Apache-2.0
// The profile of one boot, from the plugin's file and from all symbols that can be had: the kernel's, its modules', and
// those of the guest's programs, whose symbols lie beside them (guest/symbols), since what is measured has none.
#pragma once

#include "harness/guest/message.h"
#include "harness/machine/qemu/counts.h"
#include "harness/model/kernel.h"
#include "harness/model/profile.h"
#include "harness/run/plan.h"
#include "harness/support/files.h"

namespace aios {

// What a boot's profile is called among its logs.
inline constexpr char kProfileLog[] = "profile";

struct ProfiledBoot {
  fs::path file;  // as the plugin left it
  const Plan* plan = nullptr;
  const PlannedBoot* boot = nullptr;
  const BuiltKernel* kernel = nullptr;
  fs::path guest;  // init, bin/NAME, symbols/
  const GuestCounts* counts = nullptr;
  const std::vector<Message>* messages = nullptr;
};

Result<Profile> boot_profile(const ProfiledBoot& from);

}  // namespace aios
