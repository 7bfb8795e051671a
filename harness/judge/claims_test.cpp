// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/build/config_audit.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/manifest/target_text.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

Claim claim_of(std::vector<std::string> targets, bool boundable = false) {
  Claim claim{.id = "A1", .kernel = "aios", .text = "a promise", .source = "a document"};
  for (const auto& text : targets) {
    claim.targets.push_back(parse_target(text).value());
    claim.targets.back().boundable = boundable;
  }
  return claim;
}

Sample sample_of(const std::string& metric, double value, Unit unit, Fidelity fidelity = Fidelity::exact,
                 int boot = 0) {
  Sample sample;
  sample.metric = metric;
  sample.scenario = metric.substr(0, metric.find('.'));
  sample.unit = unit;
  sample.fidelity = fidelity;
  sample.boot = boot;
  sample.perturbation = fidelity == Fidelity::exact ? boot : 0;
  sample.value = value;
  return sample;
}

RunRecord run_of(std::vector<Sample> samples, const std::string& id = "run-1") {
  RunRecord run;
  run.subject = run.kernel = "aios";
  run.mode = "exact";
  run.outcome = "complete";
  run.provenance.run = id;
  run.provenance.started = "2026-01-01T00:00:00Z";
  run.samples = std::move(samples);
  return run;
}

ClaimVerdict judge(const Claim& claim, const std::vector<RunRecord>& runs) { return judge_claims({claim}, runs).at(0); }

std::vector<Sample> boots(const std::string& metric, Unit unit, Fidelity fidelity, const std::vector<double>& values) {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.push_back(sample_of(metric, values[i], unit, fidelity, static_cast<int>(i)));
  }
  return out;
}

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

TEST(JudgeClaims, SizesAreExact) {
  const Claim claim = claim_of({"footprint.image_bytes < 10 MB"});
  const auto at = [&](double bytes) {
    return judge(claim, {run_of({sample_of("footprint.image_bytes", bytes, Unit::bytes)})});
  };
  EXPECT_EQ(at(9'999'999).verdict, VerdictKind::met);
  EXPECT_EQ(at(10'000'000).verdict, VerdictKind::missed);
  EXPECT_EQ(at(5e6).value, 5e6);
  EXPECT_EQ(at(5e6).run, "run-1");
}

TEST(JudgeClaims, CyclesAreNeverJudgedOnEmulation) {
  Claim claim = claim_of({"syscall.null < 100 cycles"}, true);
  claim.needs = {"cycles"};
  const auto instructions = judge(claim, {run_of({sample_of("syscall.null", 50, Unit::instructions)})});
  EXPECT_EQ(instructions.verdict, VerdictKind::not_judged);
  EXPECT_FALSE(instructions.value);
  EXPECT_THAT(instructions.reason, HasSubstr("50 instr"));
  EXPECT_THAT(instructions.reason, HasSubstr("needs cycles"));
  for (const Fidelity fidelity : {Fidelity::exact, Fidelity::counted, Fidelity::bounded}) {
    EXPECT_EQ(judge(claim, {run_of({sample_of("syscall.null", 50, Unit::cycles, fidelity)})}).verdict,
              VerdictKind::not_judged);
  }
  const auto real = boots("syscall.null", Unit::cycles, Fidelity::timed, {90, 91, 92, 93, 94, 95});
  EXPECT_EQ(judge(claim, {run_of(real)}).verdict, VerdictKind::met);
}

TEST(JudgeClaims, TimeOnEmulationIsABoundInOneDirectionOnly) {
  const auto at = [](const char* target, bool boundable, std::vector<double> seconds) {
    for (double& value : seconds) value *= 1e9;
    return judge(claim_of({target}, boundable),
                 {run_of(boots("boot.wall_to_init", Unit::nanoseconds, Fidelity::bounded, seconds))});
  };
  EXPECT_EQ(at("boot.wall_to_init < 5 s", true, {1.7}).verdict, VerdictKind::bounded);
  EXPECT_EQ(at("boot.wall_to_init < 5 s", true, {4, 6}).verdict, VerdictKind::inconclusive);
  const auto slow = at("boot.wall_to_init < 5 s", true, {7});
  EXPECT_EQ(slow.verdict, VerdictKind::inconclusive);
  EXPECT_THAT(slow.reason, HasSubstr("neither met nor missed"));
  EXPECT_EQ(at("boot.wall_to_init < 5 s", false, {1.7}).verdict, VerdictKind::not_judged);
  EXPECT_EQ(at("boot.wall_to_init >= 1 s", true, {1.7}).verdict, VerdictKind::not_judged);
}

TEST(JudgeClaims, AnExactRunKeepsItsWallClockInTheProvenance) {
  RunRecord run = run_of({});
  run.provenance.wall_seconds = {
      {"boot_to_init", 1.75}, {"boot_to_init 1", 1.8}, {"boot_to_initials", 99}, {"total", 9}};
  const auto row = judge(claim_of({"boot.wall_to_init < 5 s"}, true), {run});
  EXPECT_EQ(row.verdict, VerdictKind::bounded);
  EXPECT_EQ(row.fidelity, Fidelity::bounded);
  EXPECT_NEAR(*row.value, 1.775e9, 1);
}

TEST(JudgeClaims, VirtualClocksMeasureNoTime) {
  const auto row = judge(claim_of({"boot.to_init < 5 s"}, true),
                         {run_of({sample_of("boot.to_init", 1e9, Unit::nanoseconds, Fidelity::exact)})});
  EXPECT_EQ(row.verdict, VerdictKind::not_judged);
}

TEST(JudgeClaims, NoisyTimesNeedBoots) {
  const Claim claim = claim_of({"boot.to_init < 5 s"});
  const auto at = [&](std::vector<double> seconds) {
    for (double& value : seconds) value *= 1e9;
    return judge(claim, {run_of(boots("boot.to_init", Unit::nanoseconds, Fidelity::timed, seconds))});
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

TEST(JudgeClaims, PerturbationsThatStraddleAreInconclusive) {
  const Claim claim = claim_of({"syscall.null <= 300 instructions"});
  const auto at = [&](const std::vector<double>& values) {
    return judge(claim, {run_of(boots("syscall.null", Unit::instructions, Fidelity::exact, values))}).verdict;
  };
  EXPECT_EQ(at({299}), VerdictKind::met);
  EXPECT_EQ(at({299, 298}), VerdictKind::met);
  EXPECT_EQ(at({299, 301}), VerdictKind::inconclusive);
  EXPECT_EQ(at({301, 302}), VerdictKind::missed);
}

TEST(JudgeClaims, ASkipIsNoPass) {
  Claim claim = claim_of({"checklist.gpu_detected is yes"});
  claim.machine_file = "gpu.toml";
  Sample skipped = sample_of("checklist.gpu_detected", 0, Unit::yes_no);
  skipped.skipped = true;
  skipped.detail = "no display device";
  const auto row = judge(claim, {run_of({skipped})});
  EXPECT_EQ(row.verdict, VerdictKind::not_judged);
  EXPECT_THAT(row.reason, HasSubstr("no display device"));
  EXPECT_THAT(row.reason, HasSubstr("gpu.toml"));
}

TEST(JudgeClaims, OneNoOutweighsEverything) {
  const Claim claim = claim_of({"checklist.a is yes", "checklist.b is yes", "checklist.c is yes"});
  Sample no = sample_of("checklist.b", 0, Unit::yes_no);
  no.detail = "swapon: not implemented";
  Sample skip = sample_of("checklist.c", 0, Unit::yes_no);
  skip.skipped = true;
  const Sample yes = sample_of("checklist.a", 1, Unit::yes_no);
  const auto missed = judge(claim, {run_of({yes, no, skip})});
  EXPECT_EQ(missed.verdict, VerdictKind::missed);
  EXPECT_EQ(missed.reason, "checklist.b: swapon: not implemented");
  EXPECT_EQ(missed.value, 0);
  no.value = 1;
  EXPECT_EQ(judge(claim, {run_of({yes, no, skip})}).verdict, VerdictKind::not_judged);
  skip.skipped = false;
  skip.value = 1;
  EXPECT_EQ(judge(claim, {run_of({yes, no, skip})}).reason, "all 3 checks");
}

TEST(JudgeClaims, TheNewestRunThatCanSaySomething) {
  const Claim claim = claim_of({"footprint.image_bytes < 10 MB"});
  RunRecord old = run_of({sample_of("footprint.image_bytes", 5e6, Unit::bytes)}, "old");
  RunRecord newer = run_of({sample_of("footprint.image_bytes", 11e6, Unit::bytes)}, "newer");
  newer.provenance.started = "2026-01-02T00:00:00Z";
  RunRecord unrelated = run_of({sample_of("syscall.null", 1, Unit::instructions)}, "unrelated");
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
  const RunRecord plain = run_of({sample_of("footprint.image_bytes", 5e6, Unit::bytes)});
  RunRecord other = plain;
  other.kernel = other.subject = "debian";
  RunRecord with_module = plain;
  with_module.subject = "aios+ai_mem";
  RunRecord appended = plain;
  appended.append = {"nosmp"};
  RunRecord tuned = plain;
  tuned.sysctls = {{"vm.swappiness", "1"}};
  EXPECT_EQ(judge(claim, {other, with_module, appended, tuned}).verdict, VerdictKind::not_run);
}

TEST(JudgeClaims, AKernelThatFailsBeforeItIsMeasuredMisses) {
  const Claim claim = claim_of({"boot.wall_to_init < 5 s"}, true);
  RunRecord good = run_of({}, "good");
  good.provenance.wall_seconds = {{"boot_to_init", 2}};
  RunRecord bad = run_of({}, "bad");
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
  const auto row = judge(claim, {run_of({sample_of("checklist.a", 1, Unit::yes_no)})});
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
  audit.rows = {row_of("SMP", AuditVerdict::in_effect, ""),
                row_of("DRM", AuditVerdict::overridden, "left to a variant"),
                row_of("SWAP", AuditVerdict::not_in_effect, "asked for both", true)};
  RunRecord run = run_of({});
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
  EXPECT_EQ(judge(claim_of({"build.ok is yes"}), {run_of({})}).verdict, VerdictKind::not_run);
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
