// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/gate_policy_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::HasSubstr;

TEST(GatePolicy, TheDefaultIsAPolicyLikeAnyOther) {
  const GatePolicy policy = read_gate_policy({}).value();
  EXPECT_EQ(policy.level, 0.05);
  EXPECT_EQ(policy.perturb, 5);
  EXPECT_EQ(policy.rule_for("boot.wall_to_init").action, GateAction::ignore);
  EXPECT_EQ(policy.rule_for("boot.to_init").action, GateAction::block);
  EXPECT_EQ(policy.rule_for("footprint.image_bytes").margin_percent, 1);
  EXPECT_FALSE(policy.rule_for("syscall.null").margin_percent);
}

TEST(GatePolicy, TheFirstRuleThatMatchesSpeaks) {
  const GatePolicy policy = parse_gate_policy(
                                "schema = 1\n"
                                "[creep]\nbudget_percent = 3\n"
                                "[[rule]]\nmatch = [\"ipc.*.64B.*\"]\naction = \"warn\"\n"
                                "margin_absolute = 40\n"
                                "[[rule]]\nmatch = [\"ipc.*\", \"syscall.*\"]\nmargin_percent = 1.5\n",
                                "gate.toml")
                                .value();
  EXPECT_EQ(policy.rule_for("ipc.pipe.64B.round_trip").action, GateAction::warn);
  EXPECT_EQ(policy.rule_for("ipc.pipe.64B.round_trip").margin_absolute, 40);
  EXPECT_EQ(policy.rule_for("ipc.pipe.1MB.round_trip").margin_percent, 1.5);
  EXPECT_EQ(policy.rule_for("page_fault.huge").action, GateAction::block) << "what no rule names blocks";
  EXPECT_EQ(policy.rule_for("page_fault.huge").creep_percent, 3);
}

TEST(GatePolicy, WhatIsWrongIsNamedByFileLineAndKey) {
  struct Case {
    const char *text, *where, *what;
  };
  for (const Case& wrong : std::vector<Case>{
           {"schema = 2\n", "gate.toml:1", "schema"},
           {"schema = 1\nlevel = 5\n", "gate.toml:2", "level"},
           {"schema = 1\n[[rule]]\nmatch = [\"a\"]\naction = \"blok\"\n", "gate.toml:4", "blok"},
           {"schema = 1\n[[rule]]\nmatch = [\"a\"]\nmargin_precent = 1\n", "gate.toml:4", "margin_percent"},
           {"schema = 1\n[[rule]]\nmatch = [\"a\"]\nmargin_percent = -1\n", "gate.toml:4", "-1"},
           {"schema = 1\n[timed]\nboots = 0\n", "gate.toml:3", "0"},
           {"schema = 1\n[[rule]]\naction = \"warn\"\n", "gate.toml:2", "match"}}) {
    const auto policy = parse_gate_policy(wrong.text, "gate.toml");
    ASSERT_FALSE(policy.ok()) << wrong.text;
    EXPECT_EQ(policy.error().kind, ErrorKind::config);
    EXPECT_THAT(policy.error().describe(), HasSubstr(wrong.where)) << wrong.text;
    EXPECT_THAT(policy.error().describe(), HasSubstr(wrong.what)) << wrong.text;
  }
}

TEST(AcceptedChanges, AreReadAsTheyWereWritten) {
  const ScratchFolder scratch = ScratchFolder::create("aios-bench-test").value();
  const fs::path file = scratch.path() / "gate-accepted.toml";
  EXPECT_TRUE(read_accepted(file)->empty());
  AcceptedChange change{.metric = "syscall.null",
                        .kernel = "aios",
                        .machine = "qemu-exact",
                        .value = 205,
                        .unit = Unit::instructions,
                        .reason = "a \"check\"\nthat C:\\ asks for",
                        .run = "20261120-1",
                        .accepted = "2026-11-20",
                        .expires = "2027-02-18"};
  ASSERT_TRUE(write_accepted(file, change).ok());
  change.metric = "syscall.read";
  change.value = 0.5;
  ASSERT_TRUE(write_accepted(file, change).ok());
  change.value = 0.75;
  ASSERT_TRUE(write_accepted(file, change).ok());
  const auto known = read_accepted(file).value();
  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[0].value, 205);
  EXPECT_EQ(known[0].reason, "a \"check\"\\x0athat C:\\ asks for");
  EXPECT_EQ(known[1].value, 0.75) << "the later level replaces the earlier";
  EXPECT_EQ(known[1].expires, "2027-02-18");
}

TEST(AcceptedChanges, WantAReasonAndADay) {
  const ScratchFolder scratch = ScratchFolder::create("aios-bench-test").value();
  const fs::path file = scratch.path() / "accepted.toml";
  const std::string head =
      "[[accepted]]\nmetric = \"a\"\nkernel = \"k\"\nmachine = \"m\"\nvalue = 1\nunit = \"count\"\n";
  ASSERT_TRUE(write_file_atomic(file, head + "reason = \" \"\nexpires = \"2027-02-18\"\n").ok());
  EXPECT_THAT(read_accepted(file).error().describe(), HasSubstr("accepted.toml:7"));
  ASSERT_TRUE(write_file_atomic(file, head + "reason = \"so\"\nexpires = \"2027-02-30\"\n").ok());
  EXPECT_THAT(read_accepted(file).error().describe(), HasSubstr("2027-02-30"));
  EXPECT_TRUE(check_date("2028-02-29").ok());
  EXPECT_FALSE(check_date("2027-2-9").ok());
}

}  // namespace
}  // namespace aios
