// SPDX-License-Identifier: Apache-2.0
#include "harness/export/guest_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/export/metric_families.h"
#include "harness/export/prometheus.h"
#include "harness/export/testing/example_run.h"
#include "harness/guest/frame.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kWellMade = R"(# HELP context_switches_total Switches between tasks.
# TYPE context_switches_total counter
context_switches_total{cpu="0"} 1207
context_switches_total{cpu="1"} 9 1395066363000
# TYPE page_faults histogram
page_faults_bucket{le="100"} 3
page_faults_bucket{le="+Inf"} 4
page_faults_sum 512.5
page_faults_count 4
free_pages 77
)";

std::string block(const std::string& text) {
  return std::string(kGuestMetricsBegin) + "\n" + text + std::string(kGuestMetricsEnd) + "\n";
}

std::vector<std::string> names_of(const GuestMetrics& metrics) {
  std::vector<std::string> names;
  for (const auto& family : metrics.families) names.push_back(family.name);
  return names;
}

TEST(GuestMetrics, CounterHistogramAndUntyped) {
  const GuestMetrics got = parse_guest_metrics(kWellMade);
  EXPECT_THAT(got.left_out, IsEmpty());
  ASSERT_THAT(names_of(got), ElementsAre("context_switches_total", "free_pages", "page_faults"));
  EXPECT_EQ(got.families[0].type, prometheus::MetricType::Counter);
  EXPECT_EQ(got.families[0].help, "Switches between tasks.");
  ASSERT_THAT(got.families[0].metric, SizeIs(2));
  EXPECT_EQ(got.families[0].metric[0].counter.value, 1207);
  EXPECT_EQ(got.families[1].type, prometheus::MetricType::Untyped);
  const auto& histogram = got.families[2].metric[0].histogram;
  EXPECT_EQ(histogram.sample_count, 4U);
  EXPECT_EQ(histogram.sample_sum, 512.5);
  ASSERT_THAT(histogram.bucket, SizeIs(2));
  EXPECT_EQ(histogram.bucket[0].cumulative_count, 3U);
}

TEST(GuestMetrics, TheLastWholeBlockSpeaksAndALogsTimeStampsAreTakenOff) {
  EXPECT_FALSE(guest_metrics_of_console("no block at all\n").found);
  const std::string console = block("a 1\n") + "noise\n[    1.443943] " + std::string(kGuestMetricsBegin) +
                              "\n[    1.443944][    T1] b 2\n[    1.443945] " + std::string(kGuestMetricsEnd) + "\n" +
                              std::string(kGuestMetricsBegin) + "\nc 3\n";  // cut off
  const GuestMetrics got = guest_metrics_of_console(console);
  EXPECT_TRUE(got.found);
  EXPECT_THAT(names_of(got), ElementsAre("b"));
}

TEST(GuestMetrics, FramesCarryThemToo) {
  wire::Frame<512> frame("log");
  frame.text("text", block("x 1\n").c_str());
  ASSERT_TRUE(frame.finish());
  const std::string console = "log\n" + std::string(frame.data(), frame.size()) + "more\n";
  EXPECT_THAT(names_of(guest_metrics_of_console(console)), ElementsAre("x"));
}

TEST(GuestMetrics, WhatDoesNotHoldTogetherIsLeftOutByName) {
  const auto why = [](const std::string& text) {
    const GuestMetrics got = parse_guest_metrics(text);
    EXPECT_THAT(got.families, IsEmpty()) << text;
    return got.left_out.empty() ? std::string() : got.left_out.front();
  };
  EXPECT_THAT(why("# TYPE h histogram\nh_bucket{le=\"1\"} 5\nh_bucket{le=\"+Inf\"} 4\nh_sum 1\nh_count 4\n"),
              HasSubstr("do not add up"));
  EXPECT_THAT(why("# TYPE h histogram\nh_bucket{le=\"1\"} 4\nh_sum 1\nh_count 4\n"), HasSubstr("+Inf"));
  EXPECT_THAT(why("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 4\nh_count 4\n"), HasSubstr("sum"));
  EXPECT_THAT(why("# TYPE h histogram\nh_bucket 4\nh_sum 1\nh_count 4\n"), HasSubstr("'le'"));
  EXPECT_THAT(why("# TYPE c counter\nc -1\n"), HasSubstr("below zero"));
  EXPECT_THAT(why("g 1\n# TYPE g gauge\n"), HasSubstr("comes after"));
  EXPECT_THAT(why("# TYPE g rate\ng 1\n"), HasSubstr("there is not"));
  EXPECT_THAT(why("g{a=\"1\"} 1\ng{a=\"1\"} 2\n"), HasSubstr("twice"));
  EXPECT_THAT(why("g{a=\"1\",a=\"2\"} 1\n"), HasSubstr("twice"));
  EXPECT_THAT(why("g NaN\n"), HasSubstr("no number"));
  EXPECT_THAT(why("g +Inf\n"), HasSubstr("not finite"));
  EXPECT_THAT(why("g{a=\"1} 1\n"), HasSubstr("does not end"));
  EXPECT_THAT(why("g{1a=\"1\"} 1\n"), HasSubstr("name of a label"));
  EXPECT_THAT(why("g 1 2 3\n"), HasSubstr("more than a value"));
}

TEST(GuestMetrics, NoNameAndNoLabelOfTheHarnessCanBeTaken) {
  const GuestMetrics got = parse_guest_metrics(
      "aios_bench_claim_verdict{claim=\"A3\",verdict=\"met\"} 1\nprocess_open_fds 1\nup 1\nx{kernel=\"debian\"} 1\n"
      "y{job=\"other\"} 1\n0bad 1\nfine 1\n");
  EXPECT_THAT(names_of(got), ElementsAre("fine"));
  EXPECT_THAT(got.left_out, SizeIs(6));
}

TEST(GuestMetrics, AFloodIsBoundedAndItsTextHarmless) {
  std::string flood;
  for (int i = 0; i < 2000; ++i) flood += "m" + std::to_string(i) + " 1\n";
  for (int i = 0; i < 2000; ++i) flood += "m1{i=\"" + std::to_string(i) + "\"} 1\n";
  const GuestMetrics many = parse_guest_metrics(flood);
  EXPECT_THAT(many.families, SizeIs(64));
  EXPECT_LE(many.left_out.size(), 22U);
  std::size_t series = 0;
  for (const auto& family : many.families) series += family.metric.size();
  EXPECT_LE(series, 500U);

  const GuestMetrics nasty = parse_guest_metrics("x{a=\"\x1b[31m\\n\"} 1\n# HELP y \x1b]0;title\x07\ny 1\n\x1b[2J 1\n");
  PrometheusInput input;
  const RunRecord run = testing::example_run();
  input.runs = {&run};
  input.guest_metrics[run.provenance.run] = nasty;
  input.guest_metrics[run.provenance.run].found = true;
  const auto gathered = gather_prometheus(input);
  EXPECT_THAT(exposition_text(gathered.families), Not(HasSubstr("\x1b")));
  for (const auto& sentence : gathered.left_out) EXPECT_THAT(sentence, Not(HasSubstr("\x1b")));

  EXPECT_THAT(guest_metrics_of_console(block(std::string(100'000, 'a') + " 1\n")).left_out,
              ElementsAre(HasSubstr("more than")));
}

TEST(GuestMetrics, AreExposedUnderTheirOwnNamesWithTheKernelsLabels) {
  RunRecord first = testing::example_run();
  RunRecord second = testing::example_base();
  PrometheusInput input;
  input.runs = {&first, &second};
  input.guest_metrics[first.provenance.run] = guest_metrics_of_console(block(kWellMade));
  input.guest_metrics[second.provenance.run] =
      guest_metrics_of_console(block("# TYPE free_pages gauge\nfree_pages 3\n"));
  const auto gathered = gather_prometheus(input);
  const std::string text = exposition_text(gathered.families);
  EXPECT_THAT(text, HasSubstr("context_switches_total{kernel=\"aios\",variant=\"\",machine=\"qemu-exact\",cpu=\"0\"} "
                              "1207\n"));
  EXPECT_THAT(text, HasSubstr("page_faults_bucket{kernel=\"aios\",variant=\"\",machine=\"qemu-exact\",le=\"+Inf\"} 4"));
  EXPECT_THAT(text, HasSubstr("# TYPE free_pages untyped"));
  EXPECT_THAT(gathered.left_out, ElementsAre(HasSubstr("'free_pages' is of another type")));
}

}  // namespace
}  // namespace aios
