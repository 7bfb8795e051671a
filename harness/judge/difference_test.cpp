// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/claims.h"
#include "harness/judge/testing/claim_fixtures.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using testing::claim_of;
using ::testing::HasSubstr;
using testing::judge;
using testing::run_with;
using testing::sample_of;

Claim reduction_claim() {
  Claim claim = claim_of({"inference.latency_reduction >= 30 %", "inference.latency_reduction <= 50 %"});
  claim.kernel = "codex";
  claim.subjects = {"aios+ai_scheduler"};
  claim.against = "aios";
  claim.measures = "grid.token.mean";
  claim.as = "reduction";
  return claim;
}

RunRecord grid_run(const std::string& id, const std::string& subject, const std::vector<double>& boots) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < boots.size(); ++i) {
    samples.push_back(sample_of("grid.token.mean", boots[i], Unit::virtual_time));
    samples.back().perturbation = static_cast<int>(i);
  }
  RunRecord run = run_with(samples, id);
  run.subject = subject;
  return run;
}

TEST(Difference, IsTakenBootByBootAndJudgedAsAWhole) {
  const Claim claim = reduction_claim();
  const RunRecord without = grid_run("without", "aios", {100, 200});
  const auto with = [&](double first, double second) {
    return judge(claim, {grid_run("with", "aios+ai_scheduler", {first, second}), without});
  };
  const ClaimVerdict met = with(60, 110);
  EXPECT_EQ(met.verdict, VerdictKind::met) << met.reason;
  EXPECT_NEAR(met.value.value_or(0), 0.425, 1e-9);
  EXPECT_EQ(met.run, "with");
  EXPECT_EQ(with(60, 160).verdict, VerdictKind::inconclusive);  // 40 % and 20 %: it straddles the 30
  EXPECT_EQ(with(90, 190).verdict, VerdictKind::missed);
  EXPECT_EQ(with(10, 20).verdict, VerdictKind::missed);  // more than was promised is not what was promised
}

TEST(Difference, AGainIsTheQuotient) {
  Claim claim = reduction_claim();
  claim.as = "gain";
  claim.targets = claim_of({"inference.throughput_gain >= 2 x"}).targets;
  const auto row = judge(claim, {grid_run("with", "aios+ai_scheduler", {250}), grid_run("without", "aios", {100})});
  EXPECT_EQ(row.verdict, VerdictKind::met);
  EXPECT_NEAR(row.value.value_or(0), 2.5, 1e-9);
}

TEST(Difference, TakesTheRunThatWasMeasuredInTurnWithIt) {
  RunRecord with = grid_run("with", "aios+ai_scheduler", {60});
  RunRecord partner = grid_run("partner", "aios", {100});
  partner.provenance.extra["interleaved_with"] = "with";
  RunRecord newer = grid_run("newer", "aios", {61});
  newer.provenance.started = "2026-05-01T00:00:00Z";
  EXPECT_EQ(judge(reduction_claim(), {with, partner, newer}).verdict, VerdictKind::met);
}

TEST(Difference, WithoutBothSidesThereIsNoVerdict) {
  const RunRecord with = grid_run("with", "aios+ai_scheduler", {60});
  RunRecord elsewhere = grid_run("without", "aios", {100});
  elsewhere.machine = "another";
  for (const auto& runs : {std::vector<RunRecord>{with}, {with, elsewhere}, {elsewhere}}) {
    EXPECT_EQ(judge(reduction_claim(), runs).verdict, VerdictKind::not_run);
  }
  EXPECT_THAT(judge(reduction_claim(), {}).reason, HasSubstr("no runs of aios+ai_scheduler and aios side by side"));
}

TEST(Difference, AClaimOfASubjectIsJudgedOnItsRunsAlone) {
  Claim claim = claim_of({"ai_mem.blocks >= 5"});
  claim.kernel = "codex";
  claim.subjects = {"aios+ai_mem", "debian+ai_mem"};
  RunRecord run = run_with({sample_of("ai_mem.blocks", 6, Unit::count)}, "r");
  EXPECT_EQ(judge(claim, {run}).verdict, VerdictKind::not_run);
  run.subject = "debian+ai_mem";
  EXPECT_EQ(judge(claim, {run}).verdict, VerdictKind::met);
  run.append = {"nosmp"};
  EXPECT_EQ(judge(claim, {run}).verdict, VerdictKind::not_run);
}

}  // namespace
}  // namespace aios
