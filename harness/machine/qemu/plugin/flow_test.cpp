// SPDX-License-Identifier: Apache-2.0
#include "flow.h"

#include <gtest/gtest.h>

#include <vector>

namespace aios::count {
namespace {

struct Case {
  std::vector<std::uint8_t> bytes;
  End end;
  std::uint64_t target = 0;
};

TEST(Flow, HowABlocksLastInstructionHandsOnControl) {
  constexpr std::uint64_t kNext = 0xffffffff81000100;
  const Case cases[] = {
      {{0x90}, End::kFallsThrough},
      {{0x48, 0x89, 0xc0}, End::kFallsThrough},
      {{0xe8, 0x10, 0, 0, 0}, End::kCall, kNext + 0x10},
      {{0xe8, 0xf0, 0xff, 0xff, 0xff}, End::kCall, kNext - 0x10},
      {{0x2e, 0xe8, 1, 0, 0, 0}, End::kCall, kNext + 1},
      {{0xeb, 0xfe}, End::kJump, kNext - 2},
      {{0xe9, 0, 1, 0, 0}, End::kJump, kNext + 0x100},
      {{0x74, 0x05}, End::kBranch, kNext + 5},
      {{0x0f, 0x84, 0, 1, 0, 0}, End::kBranch, kNext + 0x100},
      {{0x2e, 0x74, 0x05}, End::kBranch, kNext + 5},
      {{0xe2, 0xfe}, End::kBranch, kNext - 2},
      {{0xff, 0xd0}, End::kCallAnywhere},
      {{0x41, 0xff, 0xd2}, End::kCallAnywhere},
      {{0xff, 0xe0}, End::kJumpAnywhere},
      {{0x3e, 0xff, 0xe0}, End::kJumpAnywhere},
      {{0xff, 0x30}, End::kFallsThrough},
      {{0xff, 0xc0}, End::kFallsThrough},
      {{0xc3}, End::kReturn},
      {{0xf3, 0xc3}, End::kReturn},
      {{0xf2, 0xc3}, End::kReturn},
      {{0xc2, 8, 0}, End::kReturn},
      {{0x0f, 0x05}, End::kSystemCall},
      {{0x48, 0x0f, 0x07}, End::kSystemReturn},
      {{0x48, 0xcf}, End::kInterruptReturn},
      {{}, End::kFallsThrough},
      {{0x0f}, End::kFallsThrough},
      {{0xe8}, End::kCall, kNext},
  };
  for (const Case& wanted : cases) {
    const Flow flow = flow_of(wanted.bytes, kNext);
    EXPECT_EQ(flow.end, wanted.end) << testing::PrintToString(wanted.bytes);
    EXPECT_EQ(flow.target, wanted.target) << testing::PrintToString(wanted.bytes);
  }
  EXPECT_EQ(flow_of(std::vector<std::uint8_t>{0xe8, 0, 0, 0, 0xf0}, 0x10000010).target, 0x10U) << "32-bit code wraps";
}

}  // namespace
}  // namespace aios::count
