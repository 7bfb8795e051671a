// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/guest/options.h"
#include "bench/guest/series.h"
#include "harness/guest/frame_reader.h"
#include "harness/guest/message.h"
#include "harness/manifest/scenario_manifest.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Options parse(std::vector<std::string> words) {
  words.insert(words.begin(), "operations");
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return parse_options(static_cast<int>(pointers.size()), pointers.data());
}

TEST(Options, WhatAScenarioAsksForIsUnderstood) {
  Scenario ipc;
  const auto scenarios = load_scenarios(fs::path(AIOS_SOURCE_DIR) / "scenarios").value();
  for (const auto& scenario : scenarios) {
    if (scenario.name == "ipc") ipc = scenario;
  }
  const auto options = parse(program_arguments(ipc, true));
  EXPECT_EQ(options.error, "");
  EXPECT_THAT(options.scenarios, ElementsAre("ipc"));
  EXPECT_EQ(exact_iterations(options, "ipc.pipe.1B.round_trip"), ipc.exact_iterations);
  EXPECT_EQ(exact_iterations(options, "ipc.pipe.1MB.round_trip"), ipc.exact_iterations_for.at("1MB"));
  EXPECT_DOUBLE_EQ(parse(program_arguments(ipc, false)).timed, ipc.timed_seconds);
}

TEST(Options, MistakesAreNamed) {
  EXPECT_THAT(parse({"--exact", "0"}).error, HasSubstr("--exact takes a number"));
  EXPECT_THAT(parse({"--exact", "12x"}).error, HasSubstr("'12x'"));
  EXPECT_THAT(parse({"--exact-for", "1MB"}).error, HasSubstr("WORD=ITERATIONS"));
  EXPECT_THAT(parse({"--timed", "-1"}).error, HasSubstr("seconds"));
  EXPECT_THAT(parse({"--times", "1"}).error, HasSubstr("unknown option '--times'"));
  EXPECT_THAT(parse({"--match"}).error, HasSubstr("takes a value"));
}

TEST(Series, StaysBoundedAndKeepsItsMean) {
  Series series;
  for (int i = 0; i < 100'000; ++i) series.add(i);
  EXPECT_LE(series.size(), Series::kMost);
  EXPECT_GT(series.merged(), 1U);
  EXPECT_NEAR(series.median(), 50'000, 500);
}

TEST(Series, MedianOfFew) {
  Series series;
  EXPECT_EQ(series.median(), 0);
  for (const double value : {5.0, 1.0, 9.0, 2.0}) series.add(value);
  EXPECT_EQ(series.median(), 3.5);
}

// The program itself, on this host: its frames as the harness reads them.
std::vector<Message> messages_of(std::vector<std::string> words) {
  words.insert(words.begin(), std::string(AIOS_BINARY_DIR) + "/guest/bin/operations");
  const auto output = run_checked({.argv = words});
  EXPECT_TRUE(output.ok()) << output.error().describe();
  std::vector<Message> messages;
  for (const auto& line : split(*output, '\n')) {
    if (!line.starts_with("@AB1 ")) continue;
    const auto message = decode_message(line.substr(line.find('{')));
    EXPECT_TRUE(message.ok()) << line;
    if (message.ok()) messages.push_back(*message);
  }
  return messages;
}

TEST(Driver, ExactRegionsComeWithTheirClock) {
  const auto messages = messages_of({"syscall", "--exact", "30", "--match", "null|read_file"});
  std::vector<std::string> names;
  std::int64_t before = -1;
  for (std::size_t i = 0; i + 1 < messages.size(); i += 2) {
    const auto& region = std::get<message::Region>(messages[i]);
    const auto& clock = std::get<message::Clock>(messages[i + 1]);
    names.push_back(region.name);
    EXPECT_EQ(region.iterations, 30);
    EXPECT_EQ(clock.number, region.number);
    EXPECT_GT(clock.ticks, 0);
    EXPECT_TRUE(before < 0 || region.number == before + 1);
    before = region.number;
  }
  EXPECT_THAT(names, ElementsAre("_overhead", "syscall.null", "syscall.read_file"));
}

TEST(Driver, TimedSamplesAreNanoseconds) {
  const auto messages = messages_of({"--timed", "0.01", "--match", "^syscall.null$|^page_fault.anonymous$"});
  ASSERT_EQ(messages.size(), 3U);
  double null = 0, fault = 0;
  for (const auto& message : messages) {
    const auto& sample = std::get<message::Sample>(message);
    EXPECT_EQ(sample.unit, Unit::nanoseconds);
    EXPECT_FALSE(sample.values.empty());
    if (sample.metric == "syscall.null") null = sample.value;
    if (sample.metric == "page_fault.anonymous") fault = sample.value;
  }
  EXPECT_GT(null, 0);
  EXPECT_GT(fault, 0);
}

TEST(Driver, CyclesWhereTheyAreAskedFor) {
  Scenario scenario;
  scenario.program = "operations";
  scenario.arguments = {"syscall"};
  scenario.metrics = {{.name = "syscall.null", .unit = Unit::cycles}};
  const auto asked = parse(program_arguments(scenario, false));
  EXPECT_EQ(asked.error, "");
  EXPECT_TRUE(asked.cycles);
  EXPECT_FALSE(parse(program_arguments(scenario, true)).cycles);
  const auto messages = messages_of({"--timed", "0.01", "--cycles", "--match", "^syscall.null$"});
  ASSERT_EQ(messages.size(), 2U);
  const auto& sample = std::get<message::Sample>(messages.back());
  EXPECT_EQ(sample.unit, Unit::cycles);
  EXPECT_GT(sample.value, 10);
}

TEST(Driver, WhatIsNotThereIsSkippedWithItsReason) {
  const auto messages = messages_of({"syscall", "--exact", "5", "--match", "read_file", "--folder", "/proc/none"});
  ASSERT_EQ(messages.size(), 3U);
  const auto& check = std::get<message::Check>(messages.back());
  EXPECT_EQ(check.name, "syscall.read_file");
  EXPECT_TRUE(check.skipped);
  EXPECT_THAT(check.detail, HasSubstr("no file can be made: No such file"));
}

TEST(Driver, AnUnknownNameIsAUsageError) {
  const auto ended = run_command({.argv = {std::string(AIOS_BINARY_DIR) + "/guest/bin/operations", "sycall"}});
  ASSERT_TRUE(ended.ok());
  EXPECT_EQ(ended->exit.code, 2);
  EXPECT_THAT(ended->err, HasSubstr("--list"));
}

}  // namespace
}  // namespace aios::bench
