// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/ktap.h"

#include <gmock/gmock.h>

#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

KtapReader read(std::string_view console) {
  KtapReader reader;
  for (const auto& line : split(console, '\n')) reader.line(line);
  reader.finish();
  return reader;
}

std::vector<std::string> names(const KtapReader& reader) {
  std::vector<std::string> names;
  for (const auto& result : reader.results()) names.push_back((result.passed() ? "+" : "-") + result.name);
  return names;
}

TEST(Ktap, Flat) {
  const auto reader = read(
      "noise\nok 9 before the version line\nTAP version 13\n1..4\nok 1 first\n# expected 3\n# got 4\n"
      "not ok 2 - second\nok 3 third # SKIP no such device\nnot ok 4 fourth # TODO later\n");
  EXPECT_THAT(names(reader), ElementsAre("+first", "-second", "+third", "+fourth"));
  EXPECT_EQ(reader.results()[1].diagnostics, "expected 3\ngot 4\n");
  EXPECT_TRUE(reader.results()[2].skipped);
  EXPECT_EQ(reader.results()[2].reason, "no such device");
  EXPECT_THAT(reader.problems(), IsEmpty());
  EXPECT_TRUE(reader.seen());
}

TEST(Ktap, KUnitInAKernelLog) {
  const auto reader = read(
      "[    0.5] Linux\r\n[    1.000000] KTAP version 1\r\n[    1.000100] 1..2\r\n"
      "[    1.000200]     KTAP version 1\r\n[    1.000300]     # Subtest: list\r\n[    1.000400]     1..2\r\n"
      "[    1.000500]     ok 1 list_add\r\n[    1.000600] random: crng init done\r\n"
      "[    1.000700]     not ok 2 list_del\r\n[    1.000800] not ok 1 list\r\n"
      "[    1.000900]     KTAP version 1\r\n[    1.001000]     # Subtest: bits\r\n[    1.001100]     1..1\r\n"
      "[    1.001200]     ok 1 ffs\r\n[    1.001300] ok 2 bits\r\n");
  EXPECT_THAT(names(reader), ElementsAre("+list/list_add", "-list/list_del", "+bits/ffs"));
  EXPECT_THAT(reader.problems(), IsEmpty());
}

TEST(Ktap, Kselftest) {
  const auto reader = read(
      "TAP version 13\n1..2\n# selftests: timers: posix\n# TAP version 13\n# 1..2\n# ok 1 create\n"
      "# # a diagnostic\n# not ok 2 delete\nnot ok 1 selftests: timers: posix # exit=1\n"
      "ok 2 selftests: timers: raw # SKIP\n");
  EXPECT_THAT(names(reader), ElementsAre("+selftests: timers: posix/create", "-selftests: timers: posix/delete",
                                         "+selftests: timers: raw"));
  EXPECT_THAT(reader.problems(), IsEmpty());
}

TEST(Ktap, WhatWasPlannedAndNeverCameIsAProblem) {
  const auto reader = read("KTAP version 1\n1..3\nok 1 a\n  KTAP version 1\n  # Subtest: b\n  1..2\n  ok 1 x\n");
  EXPECT_THAT(names(reader), ElementsAre("+a", "+b/x"));
  EXPECT_THAT(reader.problems(), ElementsAre(HasSubstr("b: 2 tests were planned, 1 reported"),
                                             HasSubstr("3 tests were planned, 1 reported")));
}

TEST(Ktap, AFailureThatNoCaseExplainsIsAResult) {
  const auto reader = read("KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  ok 1 x\nnot ok 1 suite\n");
  EXPECT_THAT(names(reader), ElementsAre("+suite/x", "-suite"));
}

TEST(Ktap, BailOut) {
  EXPECT_THAT(read("TAP version 13\n1..2\nok 1 a\nBail out! no memory\n").problems(),
              ElementsAre(HasSubstr("no memory"), HasSubstr("2 tests were planned")));
}

TEST(Ktap, Bounds) {
  KtapReader reader;
  reader.line("KTAP version 1");
  for (int i = 0; i < 30'000; ++i) {
    reader.line("# " + std::string(5000, 'd'));
    reader.line("ok 1 " + std::string(i < 10 ? 100'000 : 1, 'n'));
  }
  for (int i = 0; i < 100; ++i) reader.line(std::string(static_cast<std::size_t>(i) * 2, ' ') + "KTAP version 1");
  reader.line("1..99999999999999999999999");
  reader.finish();
  EXPECT_EQ(reader.results().size(), 20'000U);
  EXPECT_LE(reader.problems().size(), 100U);
  EXPECT_LE(reader.results()[0].name.size(), 512U);
}

}  // namespace
}  // namespace aios
