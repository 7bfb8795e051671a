// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/target_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/testing/claim_fixtures.h"

namespace aios {
namespace {

using testing::boots;
using testing::claim_of;
using ::testing::HasSubstr;
using testing::judge;
using testing::run_with;
using testing::sample_of;

TEST(JudgeTarget, SizesAreExact) {
  const Claim claim = claim_of({"footprint.image_bytes < 10 MB"});
  const auto at = [&](double bytes) {
    return judge(claim, {run_with({sample_of("footprint.image_bytes", bytes, Unit::bytes)})});
  };
  EXPECT_EQ(at(9'999'999).verdict, VerdictKind::met);
  EXPECT_EQ(at(10'000'000).verdict, VerdictKind::missed);
  EXPECT_EQ(at(5e6).value, 5e6);
  EXPECT_EQ(at(5e6).run, "run-1");
}

TEST(JudgeTarget, CyclesAreNeverJudgedOnEmulation) {
  Claim claim = claim_of({"syscall.null < 100 cycles"}, true);
  claim.needs = {"cycles"};
  const auto instructions = judge(claim, {run_with({sample_of("syscall.null", 50, Unit::instructions)})});
  EXPECT_EQ(instructions.verdict, VerdictKind::not_judged);
  EXPECT_FALSE(instructions.value);
  EXPECT_THAT(instructions.reason, HasSubstr("50 instr"));
  EXPECT_THAT(instructions.reason, HasSubstr("needs cycles"));
  for (const Fidelity fidelity : {Fidelity::exact, Fidelity::counted, Fidelity::bounded}) {
    EXPECT_EQ(judge(claim, {run_with({sample_of("syscall.null", 50, Unit::cycles, fidelity)})}).verdict,
              VerdictKind::not_judged);
  }
  const auto real = boots("syscall.null", Unit::cycles, Fidelity::timed, {90, 91, 92, 93, 94, 95});
  EXPECT_EQ(judge(claim, {run_with(real)}).verdict, VerdictKind::met);
}

TEST(JudgeTarget, TimeOnEmulationIsABoundInOneDirectionOnly) {
  const auto at = [](const char* target, bool boundable, std::vector<double> seconds) {
    for (double& value : seconds) value *= 1e9;
    return judge(claim_of({target}, boundable),
                 {run_with(boots("boot.wall_to_init", Unit::nanoseconds, Fidelity::bounded, seconds))});
  };
  EXPECT_EQ(at("boot.wall_to_init < 5 s", true, {1.7}).verdict, VerdictKind::bounded);
  EXPECT_EQ(at("boot.wall_to_init < 5 s", true, {6, 4}).verdict, VerdictKind::bounded);
  EXPECT_EQ(at("boot.wall_to_init < 5 s", true, {6, 4}).value, 4e9) << "the fastest boot is the bound";
  EXPECT_EQ(at("boot.wall_to_init < 5 s", true, {6, 5}).verdict, VerdictKind::inconclusive);
  const auto slow = at("boot.wall_to_init < 5 s", true, {7});
  EXPECT_EQ(slow.verdict, VerdictKind::inconclusive);
  EXPECT_THAT(slow.reason, HasSubstr("neither met nor missed"));
  EXPECT_EQ(at("boot.wall_to_init < 5 s", false, {1.7}).verdict, VerdictKind::not_judged);
  EXPECT_EQ(at("boot.wall_to_init >= 1 s", true, {1.7}).verdict, VerdictKind::not_judged);
}

TEST(JudgeTarget, AnExactRunKeepsItsWallClockInTheProvenance) {
  RunRecord run = run_with({});
  run.provenance.wall_seconds = {
      {"boot_to_init", 1.75}, {"boot_to_init 1", 1.8}, {"boot_to_initials", 99}, {"total", 9}};
  const auto row = judge(claim_of({"boot.wall_to_init < 5 s"}, true), {run});
  EXPECT_EQ(row.verdict, VerdictKind::bounded);
  EXPECT_EQ(row.fidelity, Fidelity::bounded);
  EXPECT_NEAR(*row.value, 1.75e9, 1);
}

TEST(JudgeTarget, VirtualClocksMeasureNoTime) {
  const auto row = judge(claim_of({"boot.to_init < 5 s"}, true),
                         {run_with({sample_of("boot.to_init", 1e9, Unit::nanoseconds, Fidelity::exact)})});
  EXPECT_EQ(row.verdict, VerdictKind::not_judged);
}

TEST(JudgeTarget, NoisyTimesNeedBoots) {
  const Claim claim = claim_of({"boot.to_init < 5 s"});
  const auto at = [&](std::vector<double> seconds) {
    for (double& value : seconds) value *= 1e9;
    return judge(claim, {run_with(boots("boot.to_init", Unit::nanoseconds, Fidelity::timed, seconds))});
  };
  const auto few = at({1, 1, 1});
  EXPECT_EQ(few.verdict, VerdictKind::inconclusive);
  EXPECT_THAT(few.reason, HasSubstr("6 can"));
  EXPECT_EQ(at({1, 1.1, 1.2, 1.3, 1.4, 1.5}).verdict, VerdictKind::met);
  EXPECT_EQ(at({6, 6.1, 6.2, 6.3, 6.4, 6.5}).verdict, VerdictKind::missed);
  EXPECT_EQ(at({4, 4.5, 4.9, 5.1, 5.5, 6}).verdict, VerdictKind::inconclusive);
  // One outlier among many does not straddle a median's interval.
  EXPECT_EQ(at({1, 1, 1, 1, 1, 1, 1, 1, 1, 9}).verdict, VerdictKind::met);
}

TEST(JudgeTarget, PerturbationsThatStraddleAreInconclusive) {
  const Claim claim = claim_of({"syscall.null <= 300 instructions"});
  const auto at = [&](const std::vector<double>& values) {
    return judge(claim, {run_with(boots("syscall.null", Unit::instructions, Fidelity::exact, values))}).verdict;
  };
  EXPECT_EQ(at({299}), VerdictKind::met);
  EXPECT_EQ(at({299, 298}), VerdictKind::met);
  EXPECT_EQ(at({299, 301}), VerdictKind::inconclusive);
  EXPECT_EQ(at({301, 302}), VerdictKind::missed);
}

TEST(JudgeTarget, ASkipIsNoPass) {
  Claim claim = claim_of({"checklist.gpu_detected is yes"});
  claim.machine_file = "gpu.toml";
  Sample skipped = sample_of("checklist.gpu_detected", 0, Unit::yes_no);
  skipped.skipped = true;
  skipped.detail = "no display device";
  const auto row = judge(claim, {run_with({skipped})});
  EXPECT_EQ(row.verdict, VerdictKind::not_judged);
  EXPECT_THAT(row.reason, HasSubstr("no display device"));
  EXPECT_THAT(row.reason, HasSubstr("gpu.toml"));
}

TEST(JudgeTarget, OneNoOutweighsEverything) {
  const Claim claim = claim_of({"checklist.a is yes", "checklist.b is yes", "checklist.c is yes"});
  Sample no = sample_of("checklist.b", 0, Unit::yes_no);
  no.detail = "swapon: not implemented";
  Sample skip = sample_of("checklist.c", 0, Unit::yes_no);
  skip.skipped = true;
  const Sample yes = sample_of("checklist.a", 1, Unit::yes_no);
  const auto missed = judge(claim, {run_with({yes, no, skip})});
  EXPECT_EQ(missed.verdict, VerdictKind::missed);
  EXPECT_EQ(missed.reason, "checklist.b: swapon: not implemented");
  EXPECT_EQ(missed.value, 0);
  no.value = 1;
  EXPECT_EQ(judge(claim, {run_with({yes, no, skip})}).verdict, VerdictKind::not_judged);
  skip.skipped = false;
  skip.value = 1;
  EXPECT_EQ(judge(claim, {run_with({yes, no, skip})}).reason, "all 3 checks");
}

}  // namespace
}  // namespace aios
