// SPDX-License-Identifier: Apache-2.0
// The machine `host`: the real guest programs under the kernel that runs these tests.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <charconv>
#include <functional>

#include "harness/cli/testing/bench_program.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A store of its own, and the scenarios at a tenth of their length.
class OnHost : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path source = AIOS_SOURCE_DIR;
    const fs::path data = folder_.path() / "data";
    ASSERT_TRUE(make_folders(data / "scenarios/syscall").ok());
    ASSERT_TRUE(make_folders(data / "scenarios/boot").ok());
    fs::create_directory_symlink(source / "kernels", data / "kernels");
    fs::create_directory_symlink(source / "harness", data / "harness");
    fs::create_directory_symlink(source / "docs", data / "docs");
    fs::copy_file(source / "scenarios/boot/scenario.toml", data / "scenarios/boot/scenario.toml");
    std::string text = read_file(source / "scenarios/syscall/scenario.toml").value();
    const std::string whole = "timed_seconds = 0.5";
    const auto at = text.find(whole);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, whole.size(), "timed_seconds = 0.02");
    ASSERT_TRUE(write_file_atomic(data / "scenarios/syscall/scenario.toml", text).ok());
    env_ = {{"AIOS_BENCH_HOME", (folder_.path() / "home").string()}, {"AIOS_BENCH_DATA", data.string()}};
  }

  ScratchFolder folder_ = ScratchFolder::create().value();
  std::map<std::string, std::string> env_;
};

TEST_F(OnHost, RealTimesWithTheConditionsThatTheyWereTakenUnder) {
  const Json run = bench_json({"run", "host", "--boots", "2", "--json"}, 0, env_);
  EXPECT_EQ(run.value("machine", ""), "host");
  EXPECT_EQ(run.value("mode", ""), "timed");
  EXPECT_EQ(run.value("outcome", ""), "complete");
  ASSERT_EQ(run.at("samples").size(), 12U);
  for (const auto& sample : run.at("samples")) {
    EXPECT_EQ(sample.value("unit", ""), "nanoseconds");
    EXPECT_EQ(sample.value("fidelity", ""), "timed");
    EXPECT_GT(sample.value("value", 0.0), 1) << sample;
    EXPECT_LT(sample.value("value", 0.0), 1e6) << sample;
  }
  const Json& extra = run.at("provenance").at("extra");
  for (const char* key : {"host processor", "host governor", "host turbo", "host smt", "host load", "host mitigations",
                          "host time-stamp counter", "host hardware counters"}) {
    EXPECT_FALSE(extra.value(key, "").empty()) << key;
  }
  EXPECT_THAT(extra.value("command", ""), HasSubstr("taskset -c "));
  EXPECT_FALSE(run.at("inputs").value("kernel", "").empty());

  // What this computer is speaks for no kernel that somebody has promised something of.
  const std::string id = run.at("provenance").value("run", "");
  EXPECT_THAT(bench({"claims", "--json"}, env_).out, Not(HasSubstr(id)));
  EXPECT_THAT(bench({"log", id, "--name", "evidence"}, env_).out, HasSubstr("pinned to processor"));
}

TEST_F(OnHost, TwoRunsAreComparedByTheirBoots) {
  const Captured got =
      bench({"compare", "host", "host", "--machine", "host", "--scenario", "syscall", "--boots", "4", "--json"}, env_);
  EXPECT_TRUE(got.exit.code == 0 || got.exit.code == 1 || got.exit.code == 4) << got.err;
  EXPECT_THAT(got.out, HasSubstr("syscall.null"));
}

TEST_F(OnHost, WhatThisMachineIsNotForIsRefusedAndSaysSo) {
  const auto refused = [&](std::vector<std::string> words, const char* why) {
    const Captured got = bench(std::move(words), env_);
    EXPECT_EQ(got.exit.code, 2) << got.err;
    EXPECT_THAT(got.err, HasSubstr(why));
  };
  refused({"run", "host", "--scenario", "boot"}, "needs 'boot'");
  refused({"run", "host", "--machine", "qemu-exact"}, "cannot boot it");
  refused({"run", "debian", "--machine", "host"}, "boots nothing");
  refused({"run", "host", "--mode", "exact"}, "has not the ability 'exact'");
  refused({"run", "host", "--append", "quiet"}, "measured as it is");
  refused({"run", "host+veth"}, "nothing is loaded");
  refused({"shell", "host"}, "nothing to boot");
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> out;
  const Result<std::string> text = read_file(fmt::format("/proc/{0}/task/{0}/children", parent));
  if (!text.ok()) return out;
  for (const std::string& word : split_words(*text)) {
    pid_t pid = 0;
    std::from_chars(word.data(), word.data() + word.size(), pid);
    if (pid > 0) out.push_back(pid);
  }
  return out;
}

bool within(Duration limit, const std::function<bool()>& holds) {
  const SystemClock clock;
  const Deadline deadline(clock, limit);
  while (!holds()) {
    if (deadline.passed()) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

TEST_F(OnHost, AHarnessThatIsKilledTakesItsProgramAlong) {
  Command command{.argv = {bench_program(), "run", "host", "--boots", "400"}};
  command.env = env_;
  auto child = Child::spawn(command).value();
  std::vector<pid_t> programs;
  // Its launcher has become the program once that is what it runs.
  ASSERT_TRUE(within(std::chrono::seconds(60), [&] {
    programs = children_of(child.pid());
    if (programs.empty()) return false;
    const auto name = read_file(fmt::format("/proc/{}/cmdline", programs[0]));
    const std::string first = name.ok() ? split(*name, '\0').front() : std::string();
    return first.ends_with("/operations");
  }));
  ::kill(child.pid(), SIGKILL);
  child.wait();
  EXPECT_TRUE(within(std::chrono::seconds(10), [&] {
    const auto stat = read_file(fmt::format("/proc/{}/stat", programs[0]));
    return !stat.ok() || stat->find(") Z ") != std::string::npos;
  }));
}

}  // namespace
}  // namespace aios
