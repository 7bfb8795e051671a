// SPDX-License-Identifier: Apache-2.0
// What can be told without the runtime: the model's bytes, the percentiles, the command line, the scenario's own words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "bench/guest/inference/gguf.h"
#include "bench/guest/inference/latency.h"
#include "bench/guest/inference/options.h"
#include "harness/manifest/scenario_manifest.h"
#include "harness/support/hash.h"

namespace aios::inference {
namespace {

using ::testing::HasSubstr;

Options parse(std::vector<std::string> words) {
  words.insert(words.begin(), "inference");
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return parse_options(static_cast<int>(pointers.size()), pointers.data());
}

// Every figure of the scenario hangs on these bytes: whoever changes them makes old and new runs incomparable.
TEST(Gguf, TheModelIsTheSameFromEveryBuild) {
  const std::string model = random_model({});
  EXPECT_EQ(model.size(), 3'772'288U);
  EXPECT_EQ(sha256(model), "bbf0f4874d3fa78e99fa8d17a378751a48daefb6a7c1e9d03f9661315c9fb68d");
}

TEST(Gguf, AnotherSeedIsAnotherModelOfTheSameSize) {
  const std::string model = random_model({}), other = random_model({.seed = 2});
  EXPECT_EQ(model.size(), other.size());
  EXPECT_NE(model, other);
}

TEST(Gguf, TheHeadAndABlockAreAsTheFormatSays) {
  GgufWriter writer;
  writer.number("k", 7);
  writer.weights("w", 64, 3, 1);
  const std::string file = writer.finish();
  EXPECT_EQ(file.substr(0, 4), "GGUF");
  const auto word = [&](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, file.data() + at, sizeof value);
    return value;
  };
  EXPECT_EQ(word(4), 3U);   // version
  EXPECT_EQ(word(8), 1U);   // tensors
  EXPECT_EQ(word(16), 1U);  // keys
  EXPECT_EQ(file.size() % GgufWriter::kAlignment, 0U);
  // Six blocks of two rows' worth each: 34 bytes, each beginning with 1 / (73 * 8) as a half: 0x1704.
  const std::size_t data = file.size() - (6 * 34 + 31) / 32 * 32;
  for (std::size_t block = 0; block < 6; ++block) {
    EXPECT_EQ(word(data + block * 34) & 0xffff, 0x1704U);
    for (std::size_t i = 2; i < 34; ++i) EXPECT_NE(file[data + block * 34 + i], '\x80');
  }
}

TEST(Latency, APercentileIsATimeThatATokenTook) {
  std::vector<std::uint64_t> times;
  for (std::uint64_t i = 100; i >= 1; --i) times.push_back(i);
  EXPECT_EQ(percentile(times, 500), 50U);
  EXPECT_EQ(percentile(times, 990), 99U);
  EXPECT_EQ(percentile(times, 1000), 100U);
  EXPECT_EQ(percentile({7}, 990), 7U);
  EXPECT_EQ(percentile({1, 9}, 500), 1U);
  EXPECT_EQ(percentile({1, 9}, 510), 9U);
  EXPECT_EQ(percentile({}, 500), 0U);
}

TEST(InferenceOptions, WhatTheScenarioAsksForIsUnderstood) {
  const fs::path file = fs::path(AIOS_SOURCE_DIR) / "scenarios/inference/scenario.toml";
  const auto scenario = read_scenario_manifest(file).value();
  const auto exact = parse(program_arguments(scenario, true));
  EXPECT_EQ(exact.error, "");
  EXPECT_TRUE(exact.exact);
  EXPECT_EQ(exact.tokens, scenario.exact_iterations);
  EXPECT_TRUE(exact.prefill);
  EXPECT_TRUE(exact.load);
  const auto& arms = scenario.dimensions.at("arm");
  ASSERT_EQ(exact.arms.size(), arms.size());
  for (std::size_t i = 0; i < arms.size(); ++i) EXPECT_EQ(exact.arms[i].name, arms[i]);
  const auto timed = parse(program_arguments(scenario, false));
  EXPECT_FALSE(timed.exact);
  EXPECT_DOUBLE_EQ(timed.seconds, scenario.timed_seconds);
}

TEST(InferenceOptions, AnArmIsReadWordByWord) {
  const auto options = parse({"grid", "--arm", "worst:hogs=8,memory,io,faults,nice=-5,fifo=50", "--exact", "20"});
  ASSERT_EQ(options.error, "");
  EXPECT_EQ(options.scenario, "grid");
  ASSERT_EQ(options.arms.size(), 1U);
  const Arm& arm = options.arms[0];
  EXPECT_EQ(arm.name, "worst");
  EXPECT_EQ(arm.load.hogs, 8);
  EXPECT_TRUE(arm.load.memory && arm.load.io && arm.load.faults);
  EXPECT_EQ(arm.nice, -5);
  EXPECT_EQ(arm.fifo, 50);
}

TEST(InferenceOptions, OptionsOfTheirOwnMakeOneArm) {
  const auto options = parse({"--hogs", "2", "--memory-pressure", "--io", "--nice", "-3", "--tokens", "10"});
  ASSERT_EQ(options.error, "");
  ASSERT_EQ(options.arms.size(), 1U);
  EXPECT_EQ(options.arms[0].name, "run");
  EXPECT_EQ(options.arms[0].load.hogs, 2);
  EXPECT_TRUE(options.arms[0].load.memory);
  EXPECT_FALSE(options.exact);
  EXPECT_EQ(parse({}).arms.at(0).name, "alone");
  EXPECT_TRUE(parse({"--prefill"}).arms.empty());
}

TEST(InferenceOptions, MistakesAreNamed) {
  EXPECT_THAT(parse({"--exact", "0"}).error, HasSubstr("--exact takes a whole number from 1"));
  EXPECT_THAT(parse({"--tokens", "12x"}).error, HasSubstr("'12x'"));
  EXPECT_THAT(parse({"--hogs", "65"}).error, HasSubstr("0 to 64"));
  EXPECT_THAT(parse({"--fifo", "100"}).error, HasSubstr("1 to 99"));
  EXPECT_THAT(parse({"--seconds", "-1"}).error, HasSubstr("seconds"));
  EXPECT_THAT(parse({"--arm", ":hogs=1"}).error, HasSubstr("NAME"));
  EXPECT_THAT(parse({"--arm", "a:pigs=1"}).error, HasSubstr("'pigs=1' is none of"));
  EXPECT_THAT(parse({"--arm", "a", "--arm", "a:io"}).error, HasSubstr("twice"));
  EXPECT_THAT(parse({"--arm"}).error, HasSubstr("takes a value"));
  EXPECT_THAT(parse({"--hog", "1"}).error, HasSubstr("unknown option '--hog'"));
  EXPECT_THAT(parse({"a", "b"}).error, HasSubstr("one scenario"));
}

}  // namespace
}  // namespace aios::inference
