// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/plugin/decode.h"

#include <gtest/gtest.h>

#include <vector>

namespace aios::count {
namespace {

Insn of(std::vector<std::uint8_t> bytes) { return decode(bytes); }

TEST(Decode, KnowsMarks) {
  const Insn mark = of({0x0f, 0x1f, 0x80, 0x2a, 0x05, 0x05, 0xa1});
  EXPECT_EQ(mark.mark, MarkKind::kPoint);
  EXPECT_EQ(mark.mark_id, 0x2a);
  EXPECT_FALSE(mark.can_leave);
  EXPECT_EQ(of({0x0f, 0x1f, 0x80, 0, 0x05, 0x05, 0xa2}).mark, MarkKind::kNone);
  EXPECT_EQ(of({0x0f, 0x1f, 0x80, 0, 0x07, 0x05, 0xa1}).mark, MarkKind::kNone) << "no such kind";
  EXPECT_EQ(of({0x0f, 0x1f, 0x80, 0, 0x00, 0x05, 0xa1}).mark, MarkKind::kNone);
  EXPECT_EQ(of({0x0f, 0x1f, 0x80, 0, 0, 0, 0}).mark, MarkKind::kNone) << "the compiler's own padding";
}

TEST(Decode, KnowsHeavyClasses) {
  struct Case {
    std::vector<std::uint8_t> bytes;
    Class expected;
  };
  const std::vector<Case> cases = {
      {{0x0f, 0x22, 0xd8}, kCr3Write},
      {{0x41, 0x0f, 0x22, 0xd8}, kCr3Write},  // mov %r8, %cr3
      {{0x44, 0x0f, 0x22, 0xd8}, kCrOther},   // mov %rax, %cr11: not CR3
      {{0x0f, 0x20, 0xd8}, kCrOther},
      {{0x0f, 0x22, 0xe0}, kCrOther},
      {{0x0f, 0x06}, kCrOther},
      {{0x0f, 0x23, 0xf8}, kCrOther},
      {{0x0f, 0x30}, kMsr},
      {{0x0f, 0x32}, kMsr},
      {{0x0f, 0x01, 0x38}, kInvlpg},
      {{0x66, 0x0f, 0x38, 0x82, 0x07}, kInvlpg},
      {{0x0f, 0xae, 0xf0}, kFence},
      {{0x0f, 0xae, 0xe8}, kFence},
      {{0x0f, 0xae, 0xf8}, kFence},
      {{0x66, 0x0f, 0xae, 0xf0}, kNoClass},  // tpause
      {{0xf3, 0x0f, 0xae, 0xc8}, kNoClass},  // rdgsbase
      {{0x0f, 0xae, 0x38}, kNoClass},
      {{0x66, 0x0f, 0xae, 0x30}, kNoClass},  // clflush, clwb
      {{0x48, 0x0f, 0xae, 0x30}, kFpuState},
      {{0x48, 0x0f, 0xc7, 0x27}, kFpuState},  // xsaveopt, xsavec
      {{0x0f, 0xc7, 0xf0}, kNoClass},         // rdrand
      {{0x0f, 0x01, 0xe8}, kFence},
      {{0x0f, 0x01, 0xf9}, kRdtsc},
      {{0x0f, 0x01, 0xf8}, kNoClass},
      {{0x0f, 0x31}, kRdtsc},
      {{0xe4, 0x80}, kPortIo},
      {{0xef}, kPortIo},
      {{0x6e}, kPortIo},
      {{0xf3, 0x6e}, kNoClass},  // with rep: by its accesses
      {{0x0f, 0x05}, kSyscall},
      {{0x0f, 0x34}, kSyscall},
      {{0x48, 0x0f, 0x07}, kSysret},
      {{0x48, 0xcf}, kIret},
      {{0xcd, 0x80}, kSoftInt},
      {{0xcc}, kSoftInt},
      {{0xf4}, kHlt},
      {{0x0f, 0xa2}, kCpuid},
      {{0x90}, kNoClass},
      {{0x0f}, kNoClass},
  };
  for (const Case& c : cases) {
    const Insn insn = decode(c.bytes);
    EXPECT_EQ(insn.heavy, c.expected) << testing::PrintToString(c.bytes);
    EXPECT_TRUE(insn.can_leave || c.expected == kNoClass) << testing::PrintToString(c.bytes);
  }
}

TEST(Decode, KnowsLocked) {
  EXPECT_TRUE(of({0xf0, 0xff, 0x00}).locked);
  EXPECT_TRUE(of({0xf0, 0x48, 0x0f, 0xb1, 0x0a}).locked);
  EXPECT_TRUE(of({0x48, 0x87, 0x07}).locked) << "xchg with memory";
  EXPECT_FALSE(of({0x48, 0x87, 0xc3}).locked) << "xchg between registers";
  EXPECT_FALSE(of({0xff, 0x00}).locked);
}

TEST(Decode, KnowsRepStrings) {
  EXPECT_EQ(of({0xf3, 0xaa}).rep, Rep::kStosLods);
  EXPECT_EQ(of({0xf3, 0x48, 0xa5}).rep, Rep::kMovs);
  EXPECT_EQ(of({0xf2, 0xae}).rep, Rep::kScas);
  EXPECT_EQ(of({0xf3, 0xa6}).rep, Rep::kCmps);
  EXPECT_EQ(of({0xaa}).rep, Rep::kNone);
  EXPECT_EQ(of({0xf3, 0x90}).rep, Rep::kNone) << "pause";
  EXPECT_EQ(of({0xf3, 0xc3}).rep, Rep::kNone) << "repz ret";
}

TEST(Decode, WhatMayFaultCanLeaveItsBlock) {
  for (const auto& bytes : std::vector<std::vector<std::uint8_t>>{{0x8b, 0x07},
                                                                  {0x48, 0x89, 0x07},
                                                                  {0x55},
                                                                  {0xc3},
                                                                  {0xe8, 0, 0, 0, 0},
                                                                  {0x48, 0xf7, 0xf1},  // div
                                                                  {0xf0, 0x90},
                                                                  {0x0f, 0x0b},
                                                                  {0xfa},
                                                                  {0x8e, 0xd8},
                                                                  {0x0f, 0x28, 0xc1},
                                                                  {0xc5, 0xf8, 0x77},
                                                                  {0xf3, 0x90},
                                                                  {0xf2, 0x0f, 0x58, 0xc1},
                                                                  {0x63, 0xc3},
                                                                  {0x8d, 0xc0},
                                                                  {0xc7, 0xf8, 0, 0, 0, 0},
                                                                  {0x27},
                                                                  {0x9b},
                                                                  {}}) {
    EXPECT_TRUE(decode(bytes).can_leave) << testing::PrintToString(bytes);
  }
}

TEST(Decode, RegisterInstructionsStayInside) {
  for (const auto& bytes : std::vector<std::vector<std::uint8_t>>{{0x48, 0x89, 0xc3},
                                                                  {0x48, 0x8d, 0x47, 8},
                                                                  {0x31, 0xc0},
                                                                  {0x83, 0xc0, 1},
                                                                  {0x48, 0x63, 0xc3},
                                                                  {0x90},
                                                                  {0x0f, 0x1f, 0x40, 0},
                                                                  {0xf3, 0x0f, 0x1e, 0xfa},
                                                                  {0x0f, 0xb6, 0xc0},
                                                                  {0x74, 2},
                                                                  {0x0f, 0x84, 0, 0, 0, 0},
                                                                  {0xeb, 0},
                                                                  {0xb8, 1, 0, 0, 0},
                                                                  {0x40},
                                                                  {0x0f, 0x44, 0xc1},
                                                                  {0x48, 0xc1, 0xe0, 4},
                                                                  {0xa8, 1},
                                                                  {0x3c, 1}}) {
    EXPECT_FALSE(decode(bytes).can_leave) << testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace aios::count
