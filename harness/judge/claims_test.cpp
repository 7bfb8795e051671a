// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/build/config_audit.h"
#include "harness/judge/testing/claim_fixtures.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using testing::boots;
using testing::claim_of;
using ::testing::HasSubstr;
using testing::judge;
using testing::run_with;
using testing::sample_of;

TEST(JudgeClaims, NoRunNoVerdict) {
  Claim claim = claim_of({"footprint.image_bytes < 10 MB"});
  ClaimVerdict row = judge(claim, {});
  EXPECT_EQ(row.verdict, VerdictKind::not_run);
  EXPECT_THAT(row.reason, HasSubstr("aios-bench run aios --scenario footprint"));
  EXPECT_EQ(row.target_text, "footprint.image_bytes < 10 MB");
  EXPECT_FALSE(row.value);
  claim.pending_reason = "not built yet";
  EXPECT_EQ(judge(claim, {}).reason, "not built yet");
  claim.not_judged_reason = "no GPU";
  claim.needs = {"gpu"};
  claim.machine_file = "m.toml";
  row = judge(claim, {});
  EXPECT_EQ(row.verdict, VerdictKind::not_judged);
  EXPECT_EQ(row.reason, "no GPU (needs gpu; m.toml describes a machine that would judge it)");
}

TEST(JudgeClaims, TheNewestRunThatCanSaySomething) {
  const Claim claim = claim_of({"footprint.image_bytes < 10 MB"});
  RunRecord old = run_with({sample_of("footprint.image_bytes", 5e6, Unit::bytes)}, "old");
  RunRecord newer = run_with({sample_of("footprint.image_bytes", 11e6, Unit::bytes)}, "newer");
  newer.provenance.started = "2026-01-02T00:00:00Z";
  RunRecord unrelated = run_with({sample_of("syscall.null", 1, Unit::instructions)}, "unrelated");
  unrelated.provenance.started = "2026-01-03T00:00:00Z";
  EXPECT_EQ(judge(claim, {newer, old, unrelated}).run, "newer");
  EXPECT_EQ(judge(claim, {old, unrelated, newer}).verdict, VerdictKind::missed);
  for (const char* outcome : {"infra", "interrupted", "running"}) {
    newer.outcome = outcome;
    EXPECT_EQ(judge(claim, {newer, old}).run, "old") << outcome;
  }
}

TEST(JudgeClaims, OnlyTheKernelAsItStands) {
  const Claim claim = claim_of({"footprint.image_bytes < 10 MB"});
  const RunRecord plain = run_with({sample_of("footprint.image_bytes", 5e6, Unit::bytes)});
  RunRecord other = plain;
  other.kernel = other.subject = "debian";
  RunRecord with_module = plain;
  with_module.subject = "aios+ai_mem";
  RunRecord other_ref = plain;
  other_ref.subject = "aios@v6.6";
  RunRecord appended = plain;
  appended.append = {"nosmp"};
  RunRecord tuned = plain;
  tuned.sysctls = {{"vm.swappiness", "1"}};
  EXPECT_EQ(judge(claim, {other, with_module, other_ref, appended, tuned}).verdict, VerdictKind::not_run);
}

TEST(JudgeClaims, AProvenBoundStandsForItsKernelImage) {
  const Claim claim = claim_of({"boot.wall_to_init < 5 s"}, true);
  const auto at = [](const char* id, const char* started, const char* image, double seconds) {
    RunRecord run = run_with({}, id);
    run.provenance.started = started;
    run.provenance.wall_seconds = {{"boot_to_init", seconds}};
    run.inputs["kernel"] = image;
    return run;
  };
  const RunRecord idle = at("idle", "2026-01-01T00:00:00Z", "k1", 2);
  const RunRecord busy = at("busy", "2026-01-02T00:00:00Z", "k1", 6);
  const auto row = judge(claim, {busy, idle});
  EXPECT_EQ(row.verdict, VerdictKind::bounded);
  EXPECT_EQ(row.run, "idle");
  EXPECT_EQ(row.value, 2e9);
  EXPECT_THAT(row.reason, HasSubstr("busy was slower (6 s)"));

  const RunRecord rebuilt = at("rebuilt", "2026-01-03T00:00:00Z", "k2", 6);
  const auto of_another = judge(claim, {rebuilt, busy, idle});
  EXPECT_EQ(of_another.verdict, VerdictKind::inconclusive) << "a bound of another image proves nothing";
  EXPECT_EQ(of_another.run, "rebuilt");
  EXPECT_EQ(judge(claim, {at("unknown", "2026-01-03T00:00:00Z", "", 6), at("old", "2026-01-01T00:00:00Z", "", 2)}).run,
            "unknown");

  RunRecord real = at("real", "2026-01-03T00:00:00Z", "k1", 6);
  real.fidelity = Fidelity::timed;
  EXPECT_EQ(judge(claim, {real, idle}).run, "real") << "of a real machine the figure is no bound";
}

TEST(JudgeClaims, ABoundDecidesNothingElse) {
  const Claim claim = claim_of({"boot.wall_to_init < 5 s", "syscall.null <= 300 instructions"}, true);
  const auto at = [](const char* id, const char* started, double seconds, std::vector<double> instructions) {
    RunRecord run = run_with(boots("syscall.null", Unit::instructions, Fidelity::exact, instructions), id);
    run.provenance.started = started;
    run.provenance.wall_seconds = {{"boot_to_init", seconds}};
    run.inputs["kernel"] = "k1";
    return run;
  };
  const RunRecord idle = at("idle", "2026-01-01T00:00:00Z", 2, {299});
  EXPECT_EQ(judge(claim, {at("busy", "2026-01-02T00:00:00Z", 6, {299}), idle}).run, "idle");
  EXPECT_EQ(judge(claim, {at("busy", "2026-01-02T00:00:00Z", 6, {299, 301}), idle}).run, "busy");
  EXPECT_EQ(judge(claim, {at("busy", "2026-01-02T00:00:00Z", 6, {301}), idle}).verdict, VerdictKind::missed);
}

TEST(JudgeClaims, AKernelThatFailsBeforeItIsMeasuredMisses) {
  const Claim claim = claim_of({"boot.wall_to_init < 5 s"}, true);
  RunRecord good = run_with({}, "good");
  good.provenance.wall_seconds = {{"boot_to_init", 2}};
  RunRecord bad = run_with({}, "bad");
  bad.outcome = "failed";
  bad.scenarios = {"boot"};
  bad.boots.push_back({.index = 0, .end_state = "panic", .error = "no init found"});
  bad.provenance.started = "2026-01-02T00:00:00Z";
  const auto row = judge(claim, {good, bad});
  EXPECT_EQ(row.verdict, VerdictKind::missed);
  EXPECT_EQ(row.run, "bad");
  EXPECT_THAT(row.reason, HasSubstr("panic: no init found"));
}

TEST(JudgeClaims, ARunThatMeasuredPartOfItIsNoVerdict) {
  const Claim claim = claim_of({"checklist.a is yes", "checklist.b is yes"});
  const auto row = judge(claim, {run_with({sample_of("checklist.a", 1, Unit::yes_no)})});
  EXPECT_EQ(row.verdict, VerdictKind::not_run);
  EXPECT_THAT(row.reason, HasSubstr("checklist.b was not measured"));
}

TEST(JudgeClaims, TheConfigAuditAnswersForTheBuild) {
  ConfigAudit audit;
  audit.version = "6.12.1";
  const auto row_of = [](const char* option, AuditVerdict verdict, const char* why, bool contradicted = false) {
    AuditRow row;
    row.option = option;
    row.document = "the design";
    row.verdict = verdict;
    row.why = why;
    row.contradicted = contradicted;
    return row;
  };
  audit.rows = {row_of("SMP", AuditVerdict::in_effect, ""), row_of("SMP", AuditVerdict::in_effect, ""),
                row_of("DRM", AuditVerdict::overridden, "left to a variant"),
                row_of("SWAP", AuditVerdict::not_in_effect, "asked for both", true)};
  RunRecord run = run_with({});
  run.config_audit_json = audit_to_json(audit);
  const Claim claim = claim_of({"build.options_unexplained <= 0", "build.options_asked >= 1"});
  const auto met = judge(claim, {run});
  EXPECT_EQ(met.verdict, VerdictKind::met) << met.reason;
  EXPECT_THAT(met.reason, HasSubstr("1 of 3 options as asked; DRM: left to a variant"));
  EXPECT_EQ(judge(claim_of({"build.ok is yes"}), {run}).verdict, VerdictKind::met);

  audit.rows.push_back(row_of("KSM", AuditVerdict::not_in_effect, "depends on MMU"));
  run.config_audit_json = audit_to_json(audit);
  const auto missed = judge(claim, {run});
  EXPECT_EQ(missed.verdict, VerdictKind::missed);
  EXPECT_EQ(missed.value, 1);
  EXPECT_THAT(missed.reason, HasSubstr("1 of 4 options as asked; KSM: depends on MMU"));
  run.samples = {sample_of("build.options_unexplained", 1, Unit::count),
                 sample_of("build.options_asked", 4, Unit::count)};
  EXPECT_THAT(judge(claim, {run}).reason, HasSubstr("KSM: depends on MMU")) << "a stored figure has its reason too";
  EXPECT_EQ(judge(claim_of({"build.ok is yes"}), {run_with({})}).verdict, VerdictKind::not_run);
}

TEST(JudgeClaims, TheWholeLedgerWithoutARun) {
  const auto claims = load_ledger(AIOS_SOURCE_DIR).value();
  const auto rows = judge_claims(claims, {});
  EXPECT_EQ(rows.size(), claims.size());
  for (const ClaimVerdict& row : rows) {
    EXPECT_TRUE(row.verdict == VerdictKind::not_run || row.verdict == VerdictKind::not_judged) << row.claim.id;
    EXPECT_FALSE(row.reason.empty()) << row.claim.id;
  }
  const Json json = parse_json(claims_to_json(rows), "claims").value();
  for (const auto& object : json) {
    for (const char* key :
         {"id", "kernel", "claim", "target", "value", "unit", "fidelity", "verdict", "reason", "run"}) {
      EXPECT_TRUE(object.contains(key)) << key;
    }
  }
  EXPECT_TRUE(json.at(0).at("value").is_null());
}

}  // namespace
}  // namespace aios
