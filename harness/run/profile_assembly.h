// SPDX-License-Identifier: Apache-2.0
// From the plugin's addresses to a profile with names. Pure. Held against the counts of the same boot: a region's
// profile must add up to its sum, and its typical iterations to the metric's own figure, to the instruction; a profile
// that does not is none.
#pragma once

#include <string>
#include <vector>

#include "harness/guest/message.h"
#include "harness/machine/qemu/counts.h"
#include "harness/machine/qemu/profile_counts.h"
#include "harness/model/profile.h"
#include "harness/run/code_names.h"

namespace aios {

struct ProfileInput {
  const RawProfile* raw = nullptr;
  const CodeNames* names = nullptr;
  const GuestCounts* counts = nullptr;
  const std::vector<Message>* messages = nullptr;  // which say the regions' names
  std::string scenario;
  int boot = 0;
};

Result<Profile> assemble_profile(const ProfileInput& input);

}  // namespace aios
