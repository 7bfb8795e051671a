// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/model/migration.h"
#include "harness/model/run_record.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

Sample a_sample() {
  Sample sample;
  sample.metric = "syscall.null";
  sample.scenario = "syscall";
  sample.unit = Unit::instructions;
  sample.boot = 1;
  sample.perturbation = 2;
  sample.value = 202;
  sample.overhead = 3;
  sample.iterations = 1000;
  sample.interrupted_iterations = 4;
  sample.minimum = 200.5;
  sample.maximum = 1e6;
  sample.counts.emplace();
  (*sample.counts)[CountClass::instructions] = 202;
  (*sample.counts)[CountClass::syscall] = 1;
  sample.values = {{202, 996}, {640.25, 4}};
  sample.detail = "odd \x01 bytes";
  sample.skipped = true;
  return sample;
}

RunRecord a_run() {
  RunRecord run;
  run.subject = "aios+ai_scheduler";
  run.kernel = "aios";
  run.kernel_version = "6.12.1";
  run.label = "before";
  run.machine = "qemu-exact";
  run.mode = "exact";
  run.scenarios = {"boot", "syscall"};
  run.append = {"foo=1"};
  run.sysctls = {{"kernel.x", "1"}};
  run.perturbations = {{0, "none", "as it is", {}, 0}, {1, "padding", "a word more", {"p=1"}, 4}};
  run.metrics = {{"syscall.null", Unit::instructions, Direction::lower_is_better, MetricKind::exact_count,
                  "A system call that does nothing.", "syscall"}};
  BootRecord boot;
  boot.index = 0;
  boot.scenario = "syscall";
  boot.end_state = "power_off";
  boot.ok = true;
  boot.timeline = {{"init", "phase", 1234567}};
  boot.total_instructions = 7654321;
  boot.logs = {{"console", "logs/boot-0.console.log"}};
  boot.screen = {"line"};
  boot.attempts = 3;
  run.boots = {boot};
  run.samples = {a_sample()};
  run.inputs = {{"kernel", "abc"}};
  run.config_audit_json = R"([{"ok":true,"option":"NET"}])";
  run.outcome = "complete";
  run.provenance.run = "20200101-000000-abcdef";
  run.provenance.started = "2020-01-01T00:00:00Z";
  run.provenance.wall_seconds = {{"boot 0", 1.25}};
  run.provenance.extra = {{"from_cache", "yes"}};
  return run;
}

TEST(SampleJson, RoundTrip) {
  const Sample before = a_sample();
  const std::string text = sample_to_json(before);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const Sample after = sample_from_json(text, "here").value();
  EXPECT_EQ(sample_to_json(after), text);
  EXPECT_EQ(after.counts, before.counts);
  EXPECT_EQ(after.values, before.values);
  EXPECT_EQ(after.detail, before.detail);
  EXPECT_EQ(after.minimum, before.minimum);
  EXPECT_TRUE(after.skipped);
}

TEST(SampleJson, HostileInputIsAnErrorThatNamesTheKey) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "object"},
      {R"({"metric":1})", "'metric'"},
      {R"({"metric":"m","unit":"furlongs","fidelity":"exact","value":1})", "'unit'"},
      {R"({"metric":"m","unit":"bytes","fidelity":"exact"})", "'value'"},
      {R"({"metric":"m","unit":"bytes","fidelity":"exact","value":"1"})", "'value'"},
      {R"({"metric":"m","unit":"bytes","fidelity":"exact","value":1,"iterations":1e300})", "'iterations'"},
      {R"({"metric":"m","unit":"bytes","fidelity":"exact","value":1,"iterations":18446744073709551615})",
       "'iterations'"},
      {R"({"metric":"m","unit":"bytes","fidelity":"exact","value":1,"boot":99999999999})", "'boot'"},
      {R"({"metric":"m","unit":"bytes","fidelity":"exact","value":1,"values":[[1]]})", "values[0]"},
      {R"({"metric":"m","unit":"bytes","fidelity":"exact","value":1,"counts":{"instructions":"x"}})", "'counts'"},
  };
  for (const auto& [text, key] : cases) {
    const auto read = sample_from_json(text, "line 3");
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_THAT(read.error().describe(), HasSubstr(key)) << text;
    EXPECT_THAT(read.error().where, HasSubstr("line 3")) << text;
  }
}

TEST(SampleJson, WhatJsonCannotSayIsNoNumber) {
  Sample sample = a_sample();
  sample.value = std::nan("");
  EXPECT_FALSE(sample_from_json(sample_to_json(sample), "x").ok());
}

TEST(RunJson, RoundTrip) {
  const std::string text = run_to_json(a_run());
  const RunRecord after = run_from_json(text, "run.json").value();
  EXPECT_EQ(run_to_json(after), text);
  EXPECT_EQ(after.label, "before");
  EXPECT_EQ(after.boots.at(0).attempts, 3);
  EXPECT_EQ(after.provenance.wall_seconds.at("boot 0"), 1.25);
  ASSERT_NE(find_metric(after, "syscall.null"), nullptr);
  EXPECT_EQ(samples_of(after, "syscall.null").size(), 1U);
  EXPECT_THAT(after.config_audit_json, HasSubstr("NET"));
}

TEST(RunJson, IdentityAndWallClockStandInProvenanceOnly) {
  RunRecord first = a_run();
  RunRecord second = a_run();
  second.label = "after";
  second.boots[0].attempts = 1;
  second.provenance.run = "20200101-000001-fedcba";
  second.provenance.host = "elsewhere";
  second.provenance.wall_seconds["boot 0"] = 9;
  Json a = parse_json(run_to_json(first), "a").value();
  Json b = parse_json(run_to_json(second), "b").value();
  EXPECT_NE(a, b);
  a.erase("provenance");
  b.erase("provenance");
  EXPECT_EQ(a, b);
}

TEST(RunJson, NewerSchemaIsRefusedWithAHint) {
  const auto read = run_from_json(R"({"schema":99,"subject":"aios"})", "run.json");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().kind, ErrorKind::config);
  EXPECT_THAT(read.error().hint, HasSubstr("newer"));
  EXPECT_FALSE(run_from_json(R"({"subject":"aios"})", "run.json").ok());
  EXPECT_FALSE(run_from_json("{\"schema\":1", "run.json").ok());
}

TEST(Migration, OldFormatsAreBroughtUpStepByStep) {
  const std::vector<SchemaStep> steps = {{0,
                                          [](Json& document) -> Status {
                                            document["kernel"] = document["krnl"];
                                            return {};
                                          }},
                                         {1, [](Json& document) -> Status {
                                            document["kernel"] = "linux-" + document["kernel"].get<std::string>();
                                            return {};
                                          }}};
  Json document = {{"schema", 0}, {"krnl", "x"}};
  ASSERT_TRUE(migrate_schema(document, 2, steps, "here").ok());
  EXPECT_EQ(document["kernel"], "linux-x");
  EXPECT_EQ(document["schema"], 2);
  Json ancient = {{"schema", -7}};
  EXPECT_FALSE(migrate_schema(ancient, 2, steps, "here").ok());
}

}  // namespace
}  // namespace aios
