// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/testing/compare_fixtures.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using testing::null_call;
using testing::only_row;
using testing::run_of;
using ::testing::StartsWith;

RunRecord with_counts(double instructions, std::int64_t rep, std::int64_t cr3) {
  RunRecord run = null_call({instructions});
  CountVector counts;
  counts[CountClass::instructions] = static_cast<std::int64_t>(instructions);
  counts[CountClass::rep_iterations] = rep;
  counts[CountClass::cr3_write] = cr3;
  run.samples[0].counts = counts;
  return run;
}

TEST(Compare, EqualRunsAreTheSame) {
  const Comparison out = compare_runs(null_call({202}), null_call({202}));
  EXPECT_EQ(out.verdict, Change::same);
  EXPECT_EQ(out.exit_code, 0);
  EXPECT_TRUE(out.differences.empty());
}

TEST(Compare, TwoRunsOfOneSubjectAreToldApart) {
  RunRecord plain = null_call({202});
  RunRecord quiet = null_call({202});
  plain.subject = quiet.subject = "debian";
  EXPECT_EQ(compare_runs(plain, quiet).first_name, "debian (first)");
  EXPECT_EQ(compare_runs(plain, quiet).second_name, "debian (second)");
  quiet.append = {"quiet"};
  EXPECT_EQ(compare_runs(plain, quiet).first_name, "debian");
  EXPECT_EQ(compare_runs(plain, quiet).second_name, "debian quiet");
  EXPECT_EQ(compare_runs(plain, quiet).second_subject, "debian");
}

TEST(Compare, OneInstructionOfALoopIsOneInstruction) {
  const Comparison out = compare_runs(null_call({202}), null_call({203}));
  EXPECT_EQ(out.verdict, Change::worse);
  EXPECT_EQ(out.exit_code, 1);
  EXPECT_EQ(out.rows[0].difference, 1);
  EXPECT_EQ(compare_runs(null_call({203}), null_call({202})).verdict, Change::better);
}

TEST(Compare, PerturbationsThatDisagreeAreInconclusive) {
  const ComparisonRow row = only_row(null_call({202, 210, 205}), null_call({204, 209, 205}));
  EXPECT_EQ(row.change, Change::inconclusive);
  EXPECT_EQ(row.pairs, 3);
  EXPECT_EQ(row.difference_low, -1);
  EXPECT_EQ(row.difference_high, 2);
  EXPECT_EQ(only_row(null_call({202, 210}), null_call({204, 211})).change, Change::worse);
}

TEST(Compare, PerturbationsArePairedByWhatTheyAre) {
  RunRecord other = null_call({202, 999, 210});
  std::swap(other.perturbations[1].description, other.perturbations[2].description);
  std::swap(other.perturbations[1].kind, other.perturbations[2].kind);
  const ComparisonRow row = only_row(null_call({202, 210, 999}), other);
  EXPECT_EQ(row.change, Change::same);
  EXPECT_EQ(row.pairs, 3);
}

TEST(Compare, FewerInstructionsButMoreHeavyEventsNeedARealProcessor) {
  const ComparisonRow row = only_row(with_counts(202, 0, 0), with_counts(190, 0, 1));
  EXPECT_EQ(row.change, Change::inconclusive);
  EXPECT_THAT(row.reason, HasSubstr("cr3_write +1: needs timed"));
  ASSERT_EQ(row.classes.size(), 1U);
  EXPECT_EQ(row.classes[0].second, 1);
  EXPECT_EQ(compare_runs(with_counts(202, 0, 0), with_counts(190, 0, 1)).exit_code, 4);
  EXPECT_EQ(only_row(with_counts(202, 0, 1), with_counts(210, 0, 0)).change, Change::inconclusive);
  EXPECT_EQ(only_row(with_counts(202, 0, 0), with_counts(202, 0, 1)).change, Change::inconclusive);
  EXPECT_EQ(only_row(with_counts(202, 0, 0), with_counts(210, 0, 1)).change, Change::worse);
  EXPECT_EQ(only_row(with_counts(202, 0, 1), with_counts(190, 0, 0)).change, Change::better);
}

TEST(Compare, RepIterationsCountWhereTheyOutweighTheInstructions) {
  EXPECT_EQ(only_row(with_counts(6000, 0, 0), with_counts(2000, 4096, 0)).change, Change::inconclusive);
  EXPECT_EQ(only_row(with_counts(6000, 0, 0), with_counts(2000, 1000, 0)).change, Change::better);
}

TEST(Compare, ABootMustMoveMoreThanNullChangesDo) {
  const auto boot = [](std::vector<double> values) {
    return run_of({{.metric = "boot.to_init", .unit = Unit::instructions, .values = std::move(values)}});
  };
  const ComparisonRow near = only_row(boot({400e6}), boot({400e6 + 149'480}));
  EXPECT_EQ(near.change, Change::inconclusive);
  EXPECT_THAT(near.reason, HasSubstr("--perturb 5"));
  EXPECT_EQ(near.difference, 149'480);
  EXPECT_EQ(only_row(boot({400e6}), boot({390e6})).change, Change::better);
  EXPECT_EQ(only_row(boot({400e6}), boot({410e6})).change, Change::worse);
  // Both were seen with 2 MiB more memory and nothing else changed.
  EXPECT_EQ(only_row(boot({177'117'752}), boot({177'117'752 + 2'810'324})).change, Change::inconclusive);
  EXPECT_EQ(only_row(boot({176'618'079}), boot({176'618'079 - 1'754'898})).change, Change::inconclusive);
  EXPECT_EQ(only_row(boot({400e6}), boot({400e6})).change, Change::same);
}

TEST(Compare, SixPairsThatAgreeDecideABoot) {
  RunRecord first = run_of({{.metric = "boot.to_init", .unit = Unit::instructions, .values = {1, 2, 3, 4, 5, 6}}});
  first.perturbations.clear();
  for (int i = 0; i < 6; ++i)
    first.perturbations.push_back({.index = i, .kind = "padding", .description = std::to_string(i)});
  RunRecord second = first;
  for (Sample& sample : first.samples) sample.value = 400e6 + 1000 * sample.boot;
  for (Sample& sample : second.samples) sample.value = 400e6 + 1000 * sample.boot + 50;
  EXPECT_EQ(only_row(first, second).change, Change::worse);
}

TEST(Compare, YesAndNo) {
  const auto check = [](double value) {
    return run_of({{.metric = "checklist.ksm",
                    .unit = Unit::yes_no,
                    .direction = Direction::higher_is_better,
                    .values = {value}}});
  };
  EXPECT_EQ(only_row(check(1), check(0)).change, Change::worse);
  EXPECT_EQ(only_row(check(0), check(1)).change, Change::better);
  EXPECT_EQ(only_row(check(1), check(1)).change, Change::same);
  RunRecord skipped = check(0);
  skipped.samples[0].skipped = true;
  skipped.samples[0].detail = "no GPU";
  const ComparisonRow row = only_row(check(1), skipped);
  EXPECT_EQ(row.change, Change::not_compared);
  EXPECT_EQ(row.reason, "skipped on the second side: no GPU");
}

TEST(Compare, AMetricOfOneSideIsListed) {
  const RunRecord first = null_call({202});
  RunRecord second = run_of({{.metric = "ipc.pipe", .unit = Unit::instructions, .values = {9}}});
  Comparison out = compare_runs(first, second);
  ASSERT_EQ(out.rows.size(), 2U);
  EXPECT_EQ(out.rows[0].change, Change::only_in_first);
  EXPECT_EQ(out.rows[0].first, 202);
  EXPECT_FALSE(out.rows[0].second);
  EXPECT_EQ(out.rows[1].change, Change::only_in_second);
  EXPECT_EQ(out.exit_code, 4) << "nothing was compared";
  second.scenarios.push_back("syscall");
  out = compare_runs(first, second);
  EXPECT_EQ(out.rows[0].change, Change::inconclusive);
}

TEST(Compare, AnotherProcessorModelIsRefused) {
  RunRecord other = null_call({100});
  other.inputs["cpu_model"] = "max";
  const Comparison out = compare_runs(null_call({202}), other);
  EXPECT_FALSE(out.comparable);
  EXPECT_EQ(out.exit_code, 2);
  EXPECT_TRUE(out.rows.empty());
  EXPECT_EQ(verdict_word(out), "refused");
  EXPECT_EQ(parse_json(comparison_to_json(out), "comparison").value().at("verdict"), "refused");
  EXPECT_THAT(out.reason, StartsWith("cpu_model is 'Nehalem' and 'max'"));
}

TEST(Compare, OtherMitigationsAreSaidAndOtherKernelsAreThePoint) {
  RunRecord other = null_call({202});
  other.inputs["kernel"] = "k2";
  other.inputs["mitigations"] = "off";
  RunRecord first = null_call({202});
  first.inputs["mitigations"] = "auto";
  Comparison out = compare_runs(first, other);
  EXPECT_TRUE(out.comparable);
  ASSERT_EQ(out.differences.size(), 1U);
  EXPECT_EQ(out.differences[0].key, "mitigations");
  first.inputs["initramfs syscall"] = "0123456789abcdef";
  first.inputs["initramfs boot"] = "i1";
  first.inputs["module ai_mem.ko"] = "m";
  other.inputs["initramfs syscall"] = "fedcba9876543210";
  out = compare_runs(first, other);
  ASSERT_EQ(out.differences.size(), 2U);
  EXPECT_EQ(out.differences[1].key, "initramfs");
  EXPECT_EQ(out.differences[1].first, "syscall 0123456789ab") << "a scenario that only one side ran says nothing";
  EXPECT_EQ(out.differences[1].second, "syscall fedcba987654");
}

TEST(Compare, AsJson) {
  const Comparison out = compare_runs(with_counts(202, 0, 0), with_counts(190, 0, 1));
  const Json json = parse_json(comparison_to_json(out), "comparison").value();
  EXPECT_EQ(json.at("verdict"), "inconclusive");
  EXPECT_EQ(json.at("exit_code"), 4);
  EXPECT_EQ(json.at("rows").at(0).at("classes").at("cr3_write").at("second"), 1);
  EXPECT_TRUE(json.at("rows").at(0).at("p").is_null());
  EXPECT_EQ(json.at("rows").at(0).at("unit"), "instructions");
}

TEST(Compare, HowTheBootsStartedIsSaid) {
  const auto started = [](const char* how) {
    RunRecord run = null_call({202});
    run.boots.resize(1);
    run.boots[0].scenario = "syscall";
    run.boots[0].start = how;
    run.scenarios = {"syscall"};
    return run;
  };
  EXPECT_TRUE(compare_runs(started("restored"), started("restored")).differences.empty());
  const Comparison out = compare_runs(started("restored"), started("cold"));
  EXPECT_TRUE(out.comparable);
  ASSERT_EQ(out.differences.size(), 1U);
  EXPECT_EQ(out.differences[0].key, "start");
  EXPECT_EQ(out.differences[0].first, "syscall restored");
  EXPECT_EQ(out.differences[0].second, "syscall cold");
}

}  // namespace
}  // namespace aios
