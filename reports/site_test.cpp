// SPDX-License-Identifier: Apache-2.0
#include "reports/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/export/testing/example_run.h"
#include "harness/support/json.h"
#include "reports/html.h"
#include "reports/html/chart_library.h"
#include "reports/testing/example_report.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SiteRun site_run(const std::string& text) {
  return {.id = "20261120-180500-aios",
          .started = text,
          .subject = text,
          .kernel = text,
          .kernel_version = text,
          .machine = text,
          .mode = text,
          .fidelity = text,
          .label = text,
          .outcome = text,
          .verdict = text,
          .sentence = text,
          .key = "k",
          .boots = 2,
          .samples = 1234,
          .page = true};
}

TrendSeries site_series(const std::string& text) {
  TrendSeries out{.name = text, .machine = text, .mode = text, .metric = text, .scenario = text};
  out.unit = Unit::instructions;
  out.runs = {"20261120-180500-aios", "other"};
  out.values = {1, 2};
  TrendPoint point{.index = 1, .run = "20261120-180500-aios", .subject = text, .label = text, .started = text};
  point.before = 1;
  point.after = 2;
  point.direction = text;
  point.inputs_changed = {text};
  out.points = {point};
  return out;
}

TEST(Site, TheListIsReadAgain) {
  const SiteRun run = site_run("a \"quoted\" text");
  const StoredSite site = site_from_json(site_to_json({run}, "maker"));
  EXPECT_EQ(site.maker, "maker");
  ASSERT_EQ(site.runs.size(), 1U);
  EXPECT_EQ(site.runs[0].sentence, run.sentence);
  EXPECT_EQ(site.runs[0].key, "k");
  EXPECT_EQ(site.runs[0].samples, 1234);
  EXPECT_TRUE(site.runs[0].page);
  EXPECT_TRUE(site_from_json("[1,2").runs.empty());
  EXPECT_TRUE(site_from_json("{\"schema\":99,\"runs\":[{\"run\":\"x\"}]}").runs.empty());
  EXPECT_TRUE(site_from_json("{\"schema\":1,\"runs\":[{\"run\":7}]}").runs.empty());
}

TEST(Site, NothingFromAGuestIsAlive) {
  const std::string enemy = testing::enemy_text();
  const std::vector<SiteRun> runs = {site_run(enemy)};
  const std::vector<TrendSeries> series = {site_series(enemy)};
  for (const std::string& text : {render_site_index(runs, "1"), render_site_metrics(series, runs, "1"),
                                  render_site_history(series, runs), site_to_json(runs, "m")}) {
    for (const char c : text) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
    for (const char* bad : {"\xc2\x9b", "\xe2\x80\xae"}) EXPECT_THAT(text, Not(HasSubstr(bad)));
  }
  for (const std::string& text : {render_site_index(runs, "1"), render_site_metrics(series, runs, "1")}) {
    for (const char* bad : {"<script>alert", "<img src"}) EXPECT_THAT(text, Not(HasSubstr(bad)));
  }
}

TEST(Site, TheHistoryNamesEachRunOnce) {
  const std::string text = render_site_history({site_series("a"), site_series("b")}, {site_run("x")});
  const std::string head = "globalThis.aios_history = ";
  ASSERT_TRUE(text.starts_with(head));
  const Json json = parse_json(text.substr(head.size(), text.rfind(';') - head.size()), "history").value();
  EXPECT_EQ(json["runs"].size(), 2U);
  EXPECT_EQ(json["series"].size(), 2U);
  EXPECT_EQ(json["series"][1]["at"], Json({0, 1}));
  EXPECT_EQ(json["series"][1]["points"][0]["at"], 1);
}

TEST(Site, APageOfManyDoesNotCarryTheLibrary) {
  const ReportModel report = testing::example_report();
  const std::string alone = render_html(report);
  const std::string one = render_html(report, {.chart_library = "../assets/e.js", .home = "../index.html"});
  EXPECT_THAT(one, HasSubstr("<script src=\"../assets/e.js\"></script>"));
  EXPECT_THAT(one, HasSubstr("<a href=\"../index.html\">All runs</a>"));
  EXPECT_LT(one.size() + chart_library_element().size() - 1000, alone.size());
  EXPECT_THAT(alone, Not(HasSubstr("'self'")));
}

TEST(Site, ALightRunKeepsWhatAHistoryNeeds) {
  const RunRecord whole = testing::large_run(50);
  const RunRecord light = light_run(whole);
  EXPECT_EQ(light.samples.size(), 50U);  // of ten boots nine are perturbed
  EXPECT_TRUE(light.samples[0].values.empty());
  EXPECT_EQ(light.samples[0].value, whole.samples[0].value);
  EXPECT_EQ(light.metrics.size(), whole.metrics.size());
  EXPECT_EQ(light.inputs, whole.inputs);
  EXPECT_EQ(light.outcome, whole.outcome);
  EXPECT_EQ(light.provenance.run, whole.provenance.run);
  EXPECT_EQ(light.provenance.started, whole.provenance.started);
}

}  // namespace
}  // namespace aios
