// SPDX-License-Identifier: Apache-2.0
// Inference in real guests, exact: the same twice, to the instruction; a hog takes its share and no instruction of the
// token's own work; a program that is not built is told, with what builds it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/support/files.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

// The scenario with two arms and few tokens: seconds, not minutes.
void write_short_scenario(const fs::path& data) {
  const fs::path source = AIOS_SOURCE_DIR;
  fs::create_directories(data / "scenarios/inference");
  fs::create_directory_symlink(source / "kernels", data / "kernels");
  std::string text = read_file(source / "scenarios/inference/scenario.toml", 1 << 20).value();
  const auto put = [&](const std::string& from, const std::string& to, const std::string& with) {
    const auto begin = text.find(from);
    const auto end = text.find(to, begin);
    ASSERT_NE(end, std::string::npos) << from;
    text.replace(begin, end - begin, with);
  };
  put("arguments = [", "exact_iterations",
      "arguments = [\"inference\", \"--arm\", \"alone\", \"--arm\", \"hogs:hogs=1\"]\n");
  put("exact_iterations = ", "timed_seconds", "exact_iterations = 6\n");
  ASSERT_TRUE(write_file_atomic(data / "scenarios/inference/scenario.toml", text).ok());
}

double value_of(const Json& run, const std::string& metric) {
  for (const auto& sample : run.at("samples")) {
    if (sample.value("metric", "") == metric) return sample.value("value", 0.0);
  }
  ADD_FAILURE() << "no " << metric;
  return 0;
}

TEST(Inference, ExactTwiceAndAHogTakesItsShare) {
  if (!fs::exists(AIOS_BINARY_DIR "/guest/bin/inference")) GTEST_SKIP() << "not built: ci/build PRESET inference";
  const ScratchFolder scratch = ScratchFolder::create().value();
  write_short_scenario(scratch.path());
  const std::vector<std::string> run = {"run", "aios", "--scenario", "inference", "--json"};
  const Json first = bench_json(run, 0, {{"AIOS_BENCH_DATA", scratch.path()}});
  const Json second = bench_json(run, 0, {{"AIOS_BENCH_DATA", scratch.path()}});
  EXPECT_EQ(first.at("samples").dump(), second.at("samples").dump());

  const double work = value_of(first, "inference.token.alone.work");
  EXPECT_GT(work, 1e6);
  EXPECT_NEAR(value_of(first, "inference.token.hogs.work"), work, work / 500);
  EXPECT_NEAR(value_of(first, "inference.token.alone.p50"), work, work / 100);
  EXPECT_GT(value_of(first, "inference.token.hogs.mean"), 1.5 * work);
  EXPECT_GT(value_of(first, "inference.background.hogs"), 0);
}

TEST(Inference, AProgramThatIsNotBuiltIsSaidSo) {
  const ScratchFolder scratch = ScratchFolder::create().value();
  const fs::path guest = scratch.path() / "guest";
  fs::create_directories(guest / "bin");
  fs::copy(AIOS_BINARY_DIR "/guest/init", guest / "init");
  fs::copy(AIOS_BINARY_DIR "/guest/bin/operations", guest / "bin/operations");
  write_short_scenario(scratch.path());
  const Captured got = bench({"run", "aios", "--scenario", "inference"},
                             {{"AIOS_BENCH_GUEST", guest}, {"AIOS_BENCH_DATA", scratch.path()}});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("the program of scenario 'inference' is not built"));
  EXPECT_THAT(got.err, HasSubstr("ci/build release inference"));
}

}  // namespace
}  // namespace aios
