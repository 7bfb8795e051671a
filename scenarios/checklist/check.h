// SPDX-License-Identifier: Apache-2.0
// One line of the validation list: it does the thing and says yes, no, or that there was nothing to do it with. Each
// runs in a process and a mount namespace of its own, so that a check that crashes, hangs or leaves something mounted
// spoils no other.
#pragma once

#include <cstddef>

#include "scenarios/lines.h"

namespace aios::checklist {

using lines::no;
using lines::Outcome;
using lines::refused;
using lines::skip;
using lines::yes;
using Check = lines::Line;

struct Group {
  const Check* checks;
  std::size_t count;
};

// One group a file.
extern const Group kSystemChecks, kFileSystemChecks, kFuseChecks, kNetworkChecks, kLinkChecks, kPacketFilterChecks,
    kSecurityChecks, kAppArmorChecks, kNamespaceChecks, kCgroupChecks, kPerformanceChecks;

template <std::size_t N>
constexpr Group group_of(const Check (&checks)[N]) {
  return {checks, N};
}

}  // namespace aios::checklist
