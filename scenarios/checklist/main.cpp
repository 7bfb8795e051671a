// SPDX-License-Identifier: Apache-2.0
// The validation list: all groups as the lines of one program, each with mounts of its own.
#include "scenarios/checklist/check.h"

namespace aios::checklist {
namespace {

constexpr const Group* kGroups[] = {&kSystemChecks,    &kFileSystemChecks,   &kFuseChecks,       &kNetworkChecks,
                                    &kLinkChecks,      &kPacketFilterChecks, &kSecurityChecks,   &kAppArmorChecks,
                                    &kNamespaceChecks, &kCgroupChecks,       &kPerformanceChecks};
constexpr std::size_t kMostChecks = 128;

}  // namespace
}  // namespace aios::checklist

int main(int count, char** words) {
  using namespace aios::checklist;
  static Check checks[kMostChecks];
  std::size_t all = 0;
  for (const Group* group : kGroups) {
    for (std::size_t i = 0; i < group->count && all < kMostChecks; ++i) checks[all++] = group->checks[i];
  }
  return aios::lines::run_lines("checklist", checks, all, count, words, true);
}
