// SPDX-License-Identifier: Apache-2.0
#include "harness/store/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>

#include "harness/store/run_id.h"
#include "harness/store/seal.h"
#include "harness/store/testing/sample_run.h"

namespace aios {
namespace {

using testing::boot;
using ::testing::HasSubstr;
using testing::head;
using testing::samples;

class BundleTest : public ::testing::Test {
 protected:
  BundleTest() { fs::create_directories(folder()); }
  fs::path folder() const { return scratch_.path() / "20200101-000000-000abc"; }
  void append(const char* file, const std::string& text) const {
    std::ofstream(folder() / file, std::ios::app | std::ios::binary) << text;
  }
  void change(const char* file, std::size_t at) const {
    std::string text = read_file(folder() / file).value();
    text.at(at) ^= 1;
    std::ofstream(folder() / file, std::ios::binary) << text;
  }
  void two_boots(bool sealed) const {
    RunBundle bundle = RunBundle::create(folder(), head()).value();
    ASSERT_TRUE(bundle.append_boot(boot(0), samples(0)).ok());
    ASSERT_TRUE(bundle.append_boot(boot(1), samples(1)).ok());
    ASSERT_TRUE(bundle.write_log("boot 0/console", "hello\n").ok());
    RunRecord end = head();
    end.outcome = "complete";
    if (!sealed) return;
    ASSERT_TRUE(bundle.seal(end).ok());
  }
  ScratchFolder scratch_ = ScratchFolder::create("aios-bench-test").value();
};

TEST_F(BundleTest, WhatWasWrittenIsReadBack) {
  two_boots(true);
  const StoredRun stored = read_bundle(folder()).value();
  EXPECT_TRUE(stored.sealed);
  EXPECT_FALSE(stored.torn);
  EXPECT_EQ(stored.run.outcome, "complete");
  ASSERT_EQ(stored.run.boots.size(), 2U);
  EXPECT_EQ(stored.run.boots[1].attempts, 2);
  ASSERT_EQ(stored.run.samples.size(), 6U);
  EXPECT_EQ(stored.run.samples[5].value, 102);
  EXPECT_TRUE(verify_seal(folder()).ok());
  EXPECT_TRUE(fs::exists(folder() / "logs/boot_0_console"));
}

TEST_F(BundleTest, ASealedRunIsClosed) {
  two_boots(true);
  EXPECT_EQ(RunBundle::resume(folder()).error().kind, ErrorKind::config);
}

TEST_F(BundleTest, EveryChangeAfterTheSealIsNamed) {
  two_boots(true);
  append("logs/boot_0_console", "x");
  EXPECT_THAT(verify_seal(folder()).error().what, HasSubstr("'logs/boot_0_console' was changed"));
  fs::remove(folder() / "logs/boot_0_console");
  EXPECT_THAT(verify_seal(folder()).error().what, HasSubstr("is missing"));
  append("more", "x");
  EXPECT_THAT(verify_seal(folder()).error().what, HasSubstr("'more' was added"));
  change("seal", 100);
  EXPECT_THAT(verify_seal(folder()).error().what, HasSubstr("the seal itself"));
}

TEST_F(BundleTest, ACorruptedLineIsNamed) {
  two_boots(false);
  change("samples.jsonl", 300);
  const auto read = read_bundle(folder());
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().where, HasSubstr("samples.jsonl:2"));
}

TEST_F(BundleTest, TornLinesAreLeftOut) {
  two_boots(false);
  append("boots.jsonl", R"({"crc32":"00000000","data":{"in)");
  append("samples.jsonl", R"({"crc32")");
  const StoredRun stored = read_bundle(folder()).value();
  EXPECT_TRUE(stored.torn);
  EXPECT_EQ(stored.run.boots.size(), 2U);
  EXPECT_EQ(stored.run.samples.size(), 6U);
  EXPECT_EQ(stored.run.outcome, "interrupted");
}

TEST_F(BundleTest, LostSamplesOfAFinishedBootAreAnError) {
  two_boots(false);
  fs::resize_file(folder() / "samples.jsonl", fs::file_size(folder() / "samples.jsonl") - 5);
  const auto read = read_bundle(folder());
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().what, HasSubstr("1 samples of 6 are missing"));
}

TEST_F(BundleTest, ResumeCutsOffTheBootInFlight) {
  two_boots(false);
  append("samples.jsonl", checked_line(sample_to_json(samples(2)[0])) + "\n{\"torn");
  RunBundle bundle = RunBundle::resume(folder()).value();
  ASSERT_TRUE(bundle.append_boot(boot(2), samples(2, 1)).ok());
  const StoredRun stored = read_bundle(folder()).value();
  EXPECT_TRUE(stored.alive);
  EXPECT_FALSE(stored.torn);
  EXPECT_EQ(stored.run.samples.size(), 7U);
  EXPECT_EQ(RunBundle::resume(folder()).error().kind, ErrorKind::config);  // this process still writes it
}

TEST_F(BundleTest, KilledAtAnyInstantLosesOnlyTheBootInFlight) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto bundle = RunBundle::create(folder(), head());
    for (int i = 0;; ++i) {
      if (!bundle->append_boot(boot(i), samples(i, 50)).ok()) ::_exit(1);
      // Told only after it is on disk, as a person would be.
      if (::write(ready[1], &i, sizeof i) != sizeof i) ::_exit(1);
    }
  }
  int told = -1;
  for (int i = 0; i < 20; ++i) ASSERT_EQ(::read(ready[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const StoredRun stored = read_bundle(folder()).value();
  EXPECT_FALSE(stored.alive);
  EXPECT_GT(static_cast<int>(stored.run.boots.size()), told);
  EXPECT_EQ(stored.run.samples.size(), stored.run.boots.size() * 50);
  EXPECT_TRUE(RunBundle::resume(folder()).ok());
  ::close(ready[0]);
  ::close(ready[1]);
}

// A limit on the size of files stands for the full disk: the write fails half way.
TEST_F(BundleTest, AFullDiskIsSaidAndLosesNothing) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto bundle = RunBundle::create(folder(), head());
    if (!bundle.ok() || !bundle->append_boot(boot(0), samples(0)).ok()) ::_exit(1);
    const rlimit small{fs::file_size(folder() / "samples.jsonl") + 100, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Status full = bundle->append_boot(boot(1), samples(1));
    if (full.ok() || full.error().kind != ErrorKind::infra_fault) ::_exit(2);
    if (full.error().where.find("samples.jsonl") == std::string::npos) ::_exit(3);
    const rlimit large{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &large);
    ::_exit(bundle->append_boot(boot(1), samples(1)).ok() ? 0 : 4);
  }
  int state = 0;
  ::waitpid(child, &state, 0);
  EXPECT_EQ(WEXITSTATUS(state), 0);
  const StoredRun stored = read_bundle(folder()).value();
  EXPECT_EQ(stored.run.samples.size(), 6U);
  EXPECT_FALSE(stored.torn);
}

TEST(RunId, ReadableSortedAndValid) {
  const std::string first = make_run_id(1'577'836'800'000'000'000);
  const std::string later = make_run_id(1'577'836'800'001'000'000);
  EXPECT_THAT(first, ::testing::StartsWith("20200101-000000-000"));
  EXPECT_LT(first, later);
  EXPECT_TRUE(is_run_id(first));
  EXPECT_NE(make_run_id(0), make_run_id(0));
  for (const char* bad : {"", "..", "20200101-000000-00", "20200101-000000-00000A", "20200101/000000-000000"}) {
    EXPECT_FALSE(is_run_id(bad)) << bad;
  }
}

}  // namespace
}  // namespace aios
