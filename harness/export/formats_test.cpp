// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/export/csv.h"
#include "harness/export/google_benchmark.h"
#include "harness/export/junit.h"
#include "harness/export/ktap.h"
#include "harness/export/testing/example_run.h"
#include "harness/export/testing/golden.h"
#include "harness/guest/ktap.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(JUnit, Golden) {
  testing::expect_golden(export_junit({testing::example_run()}), "harness/export/testdata/example.junit.xml");
}

TEST(JUnit, TheLabsFaultIsAnErrorAndTheKernelsAFailure) {
  RunRecord run = testing::example_run();
  run.boots[0].ok = run.boots[1].ok = false;
  run.boots[0].error_kind = "kernel_fault";
  run.boots[0].error = "panic";
  run.boots[1].error_kind = "infra_fault";
  run.boots[1].error = "no console";
  const std::string text = export_junit({run});
  EXPECT_THAT(text, HasSubstr("name=\"boot 0\"><failure message=\"panic\"/>"));
  EXPECT_THAT(text, HasSubstr("name=\"boot 1\"><error message=\"no console\"/>"));
  EXPECT_THAT(text, HasSubstr("failures=\"2\" errors=\"1\" skipped=\"1\""));
}

TEST(JUnit, NothingFromAGuestIsAlive) {
  const std::string text = export_junit({testing::hostile_run()});
  for (const char c : text) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
  EXPECT_THAT(text, Not(HasSubstr("<script")));
}

KtapReader read_ktap(const std::string& text) {
  KtapReader reader;
  for (const auto& line : split(text, '\n')) reader.line(line);
  reader.finish();
  return reader;
}

TEST(Ktap, Golden) {
  testing::expect_golden(export_ktap({testing::example_run(), testing::example_base()}),
                         "harness/export/testdata/example.ktap");
}

TEST(Ktap, WhatIsWrittenIsReadAgain) {
  RunRecord run = testing::example_run();
  run.boots[1].ok = false;
  run.boots[1].error_kind = "infra_fault";
  run.boots[1].error = "no console";
  const std::string text = export_ktap({run});
  EXPECT_THAT(text, HasSubstr("# why: no console\n    not ok 2 - boot 1 # ERROR the lab failed, not the kernel\n"));
  const KtapReader reader = read_ktap(text);
  EXPECT_THAT(reader.problems(), ::testing::IsEmpty());
  int failed = 0;
  int skipped = 0;
  for (const KtapResult& result : reader.results()) {
    EXPECT_TRUE(result.name.starts_with("aios on qemu-exact/")) << result.name;
    failed += result.passed() ? 0 : 1;
    skipped += result.skipped ? 1 : 0;
  }
  EXPECT_EQ(reader.results().size(), 2U + 7 + 3);
  EXPECT_EQ(failed, 2);  // the boot, and checklist.zram_swap
  EXPECT_EQ(skipped, 1);
}

TEST(Ktap, AGuestCanNeitherAddATestNorPassOne) {
  RunRecord run = testing::hostile_run();
  const std::string evil = "x # SKIP\nok 1 y";
  run.samples.push_back({.metric = "checklist.forged", .scenario = "checklist", .unit = Unit::yes_no, .detail = evil});
  run.samples.push_back({.metric = evil, .scenario = "checklist", .unit = Unit::yes_no, .detail = "ok 2 z"});
  run.samples.push_back({.metric = "ok 1 m", .scenario = "checklist", .unit = Unit::count, .value = 3});
  const std::string text = export_ktap({run});
  for (const char c : text) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  const KtapReader reader = read_ktap(text);
  EXPECT_THAT(reader.problems(), ::testing::IsEmpty()) << text;
  int forged = 0;
  for (const KtapResult& result : reader.results()) {
    if (result.name.ends_with("checklist.forged") || result.name.find("x \\x23 SKIP") != std::string::npos) {
      EXPECT_FALSE(result.passed()) << result.name;
      ++forged;
    }
  }
  EXPECT_EQ(forged, 2);
}

TEST(Csv, ALineASample) {
  const RunRecord run = testing::example_run();
  const auto lines = split(export_csv({run}), '\n');
  ASSERT_EQ(lines.size(), run.samples.size() + 2);  // the names, and nothing behind the last line
  EXPECT_EQ(lines[1],
            "20261120-180500-aios,2026-11-20T18:05:00Z,,aios,aios,6.12.43,qemu-exact,exact,boot,boot.to_init,"
            "instructions,exact,0,0,,391204118,0,1,0,,,no,");
  EXPECT_THAT(lines[6], HasSubstr(",syscall.null,instructions,exact,1,1,one more word on the command line,182,41,1000,"
                                  "2,182,279,no,"));
}

TEST(Csv, NoFieldIsAFormulaOrBreaksItsLine) {
  EXPECT_EQ(csv_text("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
  EXPECT_EQ(csv_text("  =1+1"), "'  =1+1");
  EXPECT_EQ(csv_text("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_text("-1+1"), "'-1+1");
  EXPECT_EQ(csv_text("\t=1"), "' =1");
  EXPECT_EQ(csv_text("say \"a, b\""), "\"say \"\"a, b\"\"\"");
  EXPECT_EQ(csv_text("a\nb\x1b[2J"), "a\\x0ab\\x1b[2J");
  EXPECT_EQ(csv_text("-"), "'-");
  const std::string text = export_csv({testing::hostile_run()});
  for (const char c : text) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  EXPECT_EQ(split(text, '\n').size(), testing::hostile_run().samples.size() + 2);
}

TEST(GoogleBenchmark, TimesOnlyARepetitionABoot) {
  RunRecord run = testing::example_run();
  for (int boot = 0; boot < 2; ++boot) {
    run.samples.push_back({.metric = "syscall.null", .unit = Unit::nanoseconds, .boot = boot, .value = 250.0 + boot});
  }
  const GoogleBenchmarkJson out = export_google_benchmark(run);
  const Json json = parse_json(out.text, "benchmark").value();
  ASSERT_EQ(json["benchmarks"].size(), 2U);
  EXPECT_EQ(json["benchmarks"][1]["name"], "syscall.null");
  EXPECT_EQ(json["benchmarks"][1]["repetition_index"], 1);
  EXPECT_EQ(json["benchmarks"][1]["real_time"], 251.0);
  EXPECT_EQ(out.left_out, 12U);
}

}  // namespace
}  // namespace aios
