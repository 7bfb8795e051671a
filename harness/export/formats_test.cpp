// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/export/google_benchmark.h"
#include "harness/export/junit.h"
#include "harness/export/testing/example_run.h"
#include "harness/export/testing/golden.h"
#include "harness/support/json.h"

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
