// SPDX-License-Identifier: Apache-2.0
// Bad input and bad luck: what must end in a clear error or an orderly end, with nothing left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/boot_sector.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

int processes_named(const std::string& text) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto line = read_file(entry.path() / "cmdline", 1 << 20);
    if (line.ok() && line->find(text) != std::string::npos && line->find("qemu-system") != std::string::npos) ++count;
  }
  return count;
}

struct Home {
  ScratchFolder folder = ScratchFolder::create("aios-bench-test").value();
  std::map<std::string, std::string> env() const {
    fs::create_directories(folder.path() / "tmp");
    return {{"AIOS_BENCH_HOME", (folder.path() / "home").string()}, {"TMPDIR", (folder.path() / "tmp").string()}};
  }
  bool temporary_files_left() const { return !fs::is_empty(folder.path() / "tmp"); }
};

TEST(BlackBox, MarkersInOrderAndAliveIsZeroAnythingElseIsOne) {
  const Home home;
  const fs::path image = home.folder.path() / "box.img";
  ASSERT_TRUE(write_file_atomic(image, boot_sector("first\nsecond\n", kHalt)).ok());
  EXPECT_EQ(bench({"run", image, "--marker", "first", "--marker", "second"}, home.env()).exit.code, 0);
  const Captured wrong = bench({"run", image, "--marker", "second", "--marker", "first", "--timeout", "5"}, home.env());
  EXPECT_EQ(wrong.exit.code, 1);
  ASSERT_TRUE(write_file_atomic(image, boot_sector("first\n", kReset)).ok());
  const Captured reset = bench({"run", image, "--marker", "first"}, home.env());
  EXPECT_EQ(reset.exit.code, 1);
  EXPECT_THAT(reset.err + reset.out, HasSubstr("reset"));
  EXPECT_FALSE(home.temporary_files_left());
}

TEST(BadInput, ImagesThatCannotBeAreConfigErrors) {
  const Home home;
  EXPECT_EQ(bench({"run", "./nowhere.img", "--marker", "x"}, home.env()).exit.code, 2);
  const fs::path empty = home.folder.path() / "empty.img";
  ASSERT_TRUE(write_file_atomic(empty, "").ok());
  EXPECT_EQ(bench({"run", empty, "--marker", "x"}, home.env()).exit.code, 2);
  const fs::path truncated = home.folder.path() / "truncated.elf";
  ASSERT_TRUE(write_file_atomic(truncated, std::string("\x7f"
                                                       "ELF\x02\x01\x01",
                                                       7))
                  .ok());
  const Captured got = bench({"run", truncated, "--marker", "x"}, home.env());
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("truncated.elf"));
}

TEST(BadInput, AMissingEmulatorIsSaid) {
  const Home home;
  const fs::path image = home.folder.path() / "box.img";
  ASSERT_TRUE(write_file_atomic(image, boot_sector("first\n", kHalt)).ok());
  auto env = home.env();
  env["PATH"] = "/nonexistent";
  const Captured got = bench({"run", image, "--marker", "first"}, env);
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("qemu-system-x86"));
}

TEST(BadInput, AStoreThatCannotBeWrittenIsInfrastructure) {
  const Home home;
  const fs::path image = home.folder.path() / "box.img";
  ASSERT_TRUE(write_file_atomic(image, boot_sector("first\n", kHalt)).ok());
  const auto got =
      run_command({.argv = {"sh", "-c", "ulimit -f 0; exec \"$0\" run \"$1\" --marker first", bench_program(), image},
                   .env = home.env()})
          .value();
  EXPECT_EQ(got.exit.code, 3) << got.err;
}

TEST(Interrupt, AtAnyMomentEndsOrderlyAndLeavesNothing) {
  const Home home;
  const fs::path image = home.folder.path() / "interrupt-me.img";
  ASSERT_TRUE(write_file_atomic(image, boot_sector("first\n", kHalt)).ok());
  for (const int milliseconds : {5, 30, 100, 400, 1000}) {
    auto child = Child::spawn({.argv = {bench_program(), "run", image, "--marker", "never", "--timeout", "30"},
                               .env = home.env()})
                     .value();
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    ::kill(child.pid(), SIGINT);
    const ExitState end = child.wait();
    // Before the handler stands the signal itself ends it; afterwards it is told as an exit code.
    EXPECT_TRUE((end.signalled && end.code == SIGINT) || end.code == 130) << milliseconds << " ms: " << end.describe();
    EXPECT_EQ(processes_named("interrupt-me.img"), 0) << milliseconds << " ms";
    EXPECT_FALSE(home.temporary_files_left()) << milliseconds << " ms";
  }
}

TEST(Interrupt, KillNineLeavesNoEmulator) {
  const Home home;
  const fs::path image = home.folder.path() / "kill-me.img";
  ASSERT_TRUE(write_file_atomic(image, boot_sector("first\n", kHalt)).ok());
  auto child =
      Child::spawn({.argv = {bench_program(), "run", image, "--marker", "never", "--timeout", "30"}, .env = home.env()})
          .value();
  for (int i = 0; i < 100 && processes_named("kill-me.img") == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ASSERT_EQ(processes_named("kill-me.img"), 1);
  ::kill(child.pid(), SIGKILL);
  child.wait();
  for (int i = 0; i < 40 && processes_named("kill-me.img") > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(processes_named("kill-me.img"), 0);
}

TEST(TwoAtOnce, BothRunsAreInTheStore) {
  const Home home;
  const fs::path image = home.folder.path() / "box.img";
  ASSERT_TRUE(write_file_atomic(image, boot_sector("first\n", kHalt)).ok());
  std::vector<std::thread> both;
  for (int i = 0; i < 2; ++i) {
    both.emplace_back([&] { EXPECT_EQ(bench({"run", image, "--marker", "first"}, home.env()).exit.code, 0); });
  }
  for (auto& thread : both) thread.join();
  EXPECT_EQ(bench_json({"store", "list", "--json"}, 0, home.env()).size(), 2U);
}

}  // namespace
}  // namespace aios
