// SPDX-License-Identifier: Apache-2.0
#include "harness/export/prometheus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "harness/export/testing/example_run.h"
#include "harness/export/testing/golden.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Prometheus, TwoRunsAndTheirClaims) {
  const auto out =
      export_prometheus({testing::example_base(), testing::example_run()}, testing::example_claims(), "0.1.0");
  EXPECT_THAT(out.left_out, IsEmpty());
  testing::expect_golden(out.text, "harness/export/testdata/example.prom");
}

TEST(Prometheus, SecondsNotNanoseconds) {
  RunRecord run = testing::example_run();
  run.metrics = {{.name = "syscall.null", .unit = Unit::instructions, .scenario = "syscall"}};
  run.samples = {{.metric = "syscall.null", .unit = Unit::nanoseconds, .fidelity = Fidelity::timed, .value = 250}};
  EXPECT_THAT(
      export_prometheus({run}, {}, "1").text,
      HasSubstr("aios_bench_result_seconds{kernel=\"aios\",variant=\"\",machine=\"qemu-exact\",scenario=\"syscall\","
                "metric=\"syscall.null\",fidelity=\"timed\"} 2.5e-07"));
}

TEST(Prometheus, TheLatestCompletedRunSpeaks) {
  RunRecord old = testing::example_run();
  RunRecord failed = old;
  failed.outcome = "failed";
  failed.provenance.finished = "2026-11-21T00:00:00Z";
  RunRecord newer = old;
  newer.provenance.finished = "2026-11-20T20:00:00Z";
  for (Sample& sample : newer.samples) sample.value = 7;
  const std::string text = export_prometheus({failed, newer, old}, {}, "1").text;
  EXPECT_THAT(text, HasSubstr("metric=\"syscall.null\",fidelity=\"exact\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("aios_bench_last_run_success{kernel=\"aios\",variant=\"\",machine=\"qemu-exact\"} 0\n"));
}

TEST(Prometheus, NoRefInTheLabels) {
  RunRecord run = testing::example_run();
  run.subject = "aios@0123456789abcdef:trace+ai_mem";
  const std::string text = export_prometheus({run}, {}, "1").text;
  EXPECT_THAT(text, HasSubstr("kernel=\"aios\",variant=\"trace+ai_mem\""));
  EXPECT_THAT(text, Not(HasSubstr("0123456789abcdef")));
  EXPECT_THAT(text, Not(HasSubstr(run.provenance.run)));
}

TEST(Prometheus, WhatSaysNothingAboutTheKernelIsLeftOutAloud) {
  RunRecord infra = testing::example_run();
  infra.outcome = "infra";
  RunRecord with_words = testing::example_run();
  with_words.append = {"mitigations=off"};
  const auto out = export_prometheus({infra, with_words}, {}, "1");
  EXPECT_THAT(out.left_out, ElementsAre(HasSubstr("infra"), HasSubstr("--append")));
  EXPECT_THAT(out.text, Not(HasSubstr("aios_bench_result")));
}

TEST(Prometheus, AGuestCannotMakeSeriesOrBreakLines) {
  RunRecord run = testing::hostile_run();
  run.append.clear();
  run.sysctls.clear();
  for (int i = 0; i < 5000; ++i) run.samples.push_back({.metric = "made_up." + std::to_string(i)});
  const auto out = export_prometheus({run}, testing::hostile_claims(), testing::enemy_text());
  EXPECT_THAT(out.left_out, ElementsAre(HasSubstr("5001 metrics that its scenarios do not define")));
  EXPECT_THAT(out.text, Not(HasSubstr("made_up")));
  EXPECT_THAT(out.text, Not(HasSubstr("\x1b")));
  const std::regex line(R"re((# (HELP|TYPE) .*)|([a-z_]+\{([a-z]+="([^"\\]|\\.)*",?)*\} [-+0-9.eE]+))re");
  for (const std::string& text : split(out.text, '\n')) {
    EXPECT_TRUE(text.empty() || std::regex_match(text, line)) << text;
  }
}

}  // namespace
}  // namespace aios
