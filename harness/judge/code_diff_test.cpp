// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/code_diff.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace aios {
namespace {

std::string listing(std::uint64_t base, bool with_nop) {
  std::uint64_t at = base;
  std::string out = "\nvmlinux:     file format elf64-x86-64\n\nDisassembly of section .text:\n\n";
  out += fmt::format("{:016x} <f>:\n", base);
  const auto line = [&](int size, const std::string& text) {
    out += fmt::format("{:x}:\t{}\n", at, text);
    at += static_cast<std::uint64_t>(size);
  };
  line(1, "push   %rbp");
  if (with_nop) line(1, "nop");
  line(5, fmt::format("call   {:x} <g+0x10>", base + 0x1010));
  line(7, fmt::format("mov    0x1234(%rip),%rax        # {:x} <data>", base + 0x2000));
  line(7, fmt::format("mov    $0x{:x},%rdi", base + 0x2000));
  line(2, fmt::format("jne    {:x} <f+0x20>", base + 0x20 + (with_nop ? 1 : 0)));
  line(1, "pop    %rbp");
  line(1, "ret");
  line(1, "int3");
  return out;
}

std::vector<CodeLine> code_at(std::uint64_t base, bool with_nop = false) {
  return normal_code(listing(base, with_nop), base, 0x40, [base](std::uint64_t address) -> std::string {
    if (address >= base + 0x2000) return "data";
    if (address >= base + 0x1000) return fmt::format("g+{:#x}", address - base - 0x1000);
    return {};
  });
}

TEST(CodeDiff, WhatWasOnlyMovedIsEqual) {
  CodeDiff diff{.function = "f",
                .first_name = "a",
                .second_name = "b",
                .first = code_at(0xffffffff81000000),
                .second = code_at(0xffffffff81234560)};
  std::vector<std::string> first, second;
  for (const auto& line : diff.first) first.push_back(line.text);
  for (const auto& line : diff.second) second.push_back(line.text);
  EXPECT_EQ(first, second);
  EXPECT_THAT(first, ::testing::ElementsAre("push %rbp", "call g+0x10", "mov data(%rip),%rax", "mov $data,%rdi",
                                            "jne +0x20", "pop %rbp", "ret"));
  for (const auto& row : diff.rows()) EXPECT_TRUE(row.same);
}

TEST(CodeDiff, OneNopIsOneLine) {
  CodeDiff diff{.function = "f",
                .first_name = "a",
                .second_name = "b",
                .first = code_at(0xffffffff81000000),
                .second = code_at(0xffffffff81000100, true)};
  int added = 0;
  for (const auto& row : diff.rows()) {
    if (row.same) continue;
    EXPECT_EQ(row.first, nullptr);
    ASSERT_NE(row.second, nullptr);
    EXPECT_EQ(row.second->text, "nop");
    ++added;
  }
  EXPECT_EQ(added, 1) << "the jump that became longer over it is the same jump";
}

TEST(CodeDiff, AFunctionOnOneSideOnly) {
  const CodeDiff diff{
      .function = "f", .first_name = "a", .second_name = "b", .first = {}, .second = code_at(0x81000000)};
  EXPECT_EQ(diff.rows().size(), diff.second.size());
}

TEST(CodeDiff, TextThatIsNoListingHasNoLines) {
  EXPECT_TRUE(normal_code("garbage\n:\t\nzz:\tnop\n", 0, 100, [](std::uint64_t) { return std::string(); }).empty());
}

}  // namespace
}  // namespace aios
