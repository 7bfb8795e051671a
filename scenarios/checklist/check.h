// SPDX-License-Identifier: Apache-2.0
// One line of the validation list: it does the thing and says yes, no, or that there was nothing to do it with. Each
// runs in a process and a mount namespace of its own, so that a check that crashes, hangs or leaves something mounted
// spoils no other.
#pragma once

#include <cstddef>

namespace aios::checklist {

struct Outcome {
  enum Kind : char { yes, no, skipped } kind = no;
  char detail[160] = {};
};

struct Check {
  const char* name;
  Outcome (*run)();
};

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

[[gnu::format(printf, 1, 2)]] Outcome yes(const char* format, ...);
[[gnu::format(printf, 1, 2)]] Outcome no(const char* format, ...);
[[gnu::format(printf, 1, 2)]] Outcome skip(const char* format, ...);
// "no", with the error that errno holds.
Outcome refused(const char* what);

}  // namespace aios::checklist
