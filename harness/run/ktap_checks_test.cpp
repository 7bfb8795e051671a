// SPDX-License-Identifier: Apache-2.0
#include "harness/run/ktap_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::map<std::string, Sample> by_name(const KtapChecks& checks) {
  std::map<std::string, Sample> out;
  for (const Sample& sample : checks.samples) out[sample.metric] = sample;
  EXPECT_EQ(out.size(), checks.samples.size()) << "a name came twice";
  return out;
}

TEST(KtapChecks, AConsoleWithoutKtapHasNone) {
  EXPECT_THAT(ktap_checks("[    0.1] ok 1 not a test\nok 2\n", "boot").samples, IsEmpty());
}

TEST(KtapChecks, KUnitOnAConsole) {
  const KtapChecks checks = ktap_checks(
      "[    1.0] KTAP version 1\r\n[    1.0] 1..1\r\n[    1.0]     KTAP version 1\r\n"
      "[    1.0]     # Subtest: list\r\n[    1.0]     1..4\r\n[    1.0]     ok 1 list_add\r\n"
      "[    1.0]     # list_del: EXPECTATION FAILED at lib/list-test.c:74\r\n[    1.0]     not ok 2 list del\r\n"
      "[    1.0]     ok 3 list_gpu # SKIP no device\r\n[    1.0]     not ok 4 list_old # XFAIL later\r\n"
      "[    1.0] not ok 1 list\r\n",
      "boot");
  const auto samples = by_name(checks);
  EXPECT_EQ(samples.at("ktap.list/list_add").value, 1);
  EXPECT_EQ(samples.at("ktap.list/list_add").scenario, "boot");
  EXPECT_EQ(samples.at("ktap.list/list_add").fidelity, Fidelity::exact);
  EXPECT_EQ(samples.at("ktap.list/list_del").value, 0);
  EXPECT_THAT(samples.at("ktap.list/list_del").detail, HasSubstr("list-test.c:74"));
  EXPECT_TRUE(samples.at("ktap.list/list_gpu").skipped);
  EXPECT_TRUE(samples.at("ktap.list/list_old").skipped);
  EXPECT_EQ(samples.at("ktap.list/list_old").detail, "known to fail: later");
  EXPECT_EQ(samples.at(kKtapComplete).value, 1);
  EXPECT_EQ(samples.at(kKtapPassed).value, 1);
  EXPECT_EQ(samples.at(kKtapFailed).value, 1);
  EXPECT_EQ(samples.at(kKtapSkipped).value, 2);
  EXPECT_THAT(checks.notes, ElementsAre("KTAP: 1 of 4 tests failed: list/list del"));
}

TEST(KtapChecks, WhatWasPlannedAndNeverCameIsIncomplete) {
  const auto samples = by_name(ktap_checks("TAP version 13\n1..3\nok 1 a\n", "boot"));
  EXPECT_EQ(samples.at(kKtapComplete).value, 0);
  EXPECT_THAT(samples.at(kKtapComplete).detail, HasSubstr("3 tests were planned, 1 reported"));
  const auto cut = by_name(ktap_checks("TAP version 13\n1..1\nok 1 a\n", "boot", true));
  EXPECT_EQ(cut.at(kKtapComplete).value, 0);
}

TEST(KtapChecks, NamesAreOneWordNeverTwiceAndNeverATotal) {
  const auto samples = by_name(
      ktap_checks("TAP version 13\n1..5\nok 1 a\nok 2 a\nok 3 complete\nnot ok 4 =1+<b>\x1b[2J\nok 5\n", "boot"));
  EXPECT_EQ(samples.at("ktap.a:2").value, 1);
  EXPECT_EQ(samples.at("ktap.complete:2").value, 1);
  EXPECT_EQ(samples.at("ktap._1+_b___2J").value, 0);
  EXPECT_EQ(samples.count("ktap.unnamed"), 1U);
}

TEST(KtapChecks, BoundedWhateverTheGuestSays) {
  std::string console = "TAP version 13\n";
  for (int i = 0; i < 9000; ++i) console += "not ok " + std::to_string(i + 1) + " " + std::string(600, 'x') + "\n";
  const KtapChecks checks = ktap_checks(console, "boot");
  EXPECT_LT(checks.samples.size(), 5010U);
  EXPECT_EQ(by_name(checks).at(kKtapFailed).value, 9000);
  for (const Sample& sample : checks.samples) EXPECT_LT(sample.metric.size(), 200U);
}

}  // namespace
}  // namespace aios
