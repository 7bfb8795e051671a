// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/board_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/machine/board/held_board.h"

namespace aios::board {
namespace {

using ::testing::HasSubstr;

const SystemClock kLockClock;

// A "board" that is a file: on while it is there.
MachineSpec file_board(const fs::path& folder) {
  MachineSpec machine;
  machine.name = "rack3";
  machine.board_settings.emplace();
  machine.board_settings->lock_folder = (folder / "locks").string();
  BoardPower& power = machine.board_settings->power;
  const std::string file = (folder / "on").string();
  power.on = "touch " + file;
  power.off = "rm -f " + file;
  power.status = "test -e " + file + " && echo on || echo off";
  power.settle_seconds = 1;
  return machine;
}

class BoardLocks : public ::testing::Test {
 protected:
  bool is_on() const { return fs::exists(folder_.path() / "on"); }
  LockState look() const { return look_at_lock(folder_.path() / "locks", board_key(*machine_.board_settings)); }
  ScratchFolder folder_ = ScratchFolder::create().value();
  MachineSpec machine_ = file_board(folder_.path());
  MachineEnvironment environment_{.clock = &kLockClock};
};

TEST_F(BoardLocks, TwoWhoWantOneBoard) {
  auto held = HeldBoard::take(machine_, environment_).value();
  const auto second = HeldBoard::take(machine_, environment_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(second.error().what, HasSubstr("in use by "));
  EXPECT_THAT(second.error().what, HasSubstr(std::to_string(::getpid())));
  EXPECT_THAT(second.error().hint, HasSubstr("boards unlock rack3"));
  held.reset();
  EXPECT_TRUE(HeldBoard::take(machine_, environment_).ok());
}

TEST_F(BoardLocks, ABoardIsLeftAsItsFileSays) {
  {
    auto held = HeldBoard::take(machine_, environment_).value();
    ASSERT_TRUE(held->switch_power(true).ok());
    EXPECT_TRUE(is_on());
  }
  EXPECT_FALSE(is_on());
  machine_.board_settings->leave_on = true;
  HeldBoard::take(machine_, environment_).value().reset();
  EXPECT_TRUE(is_on());
  EXPECT_FALSE(look().holder);
}

TEST_F(BoardLocks, TheNextCommandFinishesWhatADeadOneLeft) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto held = HeldBoard::take(machine_, environment_);
    if (held.ok() && (*held)->switch_power(true).ok()) ::kill(::getpid(), SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(is_on());
  EXPECT_FALSE(look().alive);
  ASSERT_TRUE(look().holder);
  EXPECT_EQ(look().holder->pid, child);
  EXPECT_THAT(finish_left_over(machine_, environment_).value(), HasSubstr(std::to_string(child)));
  EXPECT_FALSE(is_on());
  EXPECT_EQ(finish_left_over(machine_, environment_).value(), "") << "once is enough";
}

TEST_F(BoardLocks, WhatCannotBeFinishedStaysWritten) {
  HeldBoard::take(machine_, environment_).value().reset();
  machine_.board_settings->leave_on = true;
  machine_.board_settings->power.on = "true";  // says yes and does nothing
  machine_.board_settings->power.settle_seconds = 0.1;
  const std::string before = board_key(*machine_.board_settings);
  HeldBoard::take(machine_, environment_).value().reset();
  const LockState left = look_at_lock(folder_.path() / "locks", before);
  EXPECT_TRUE(left.holder);
  EXPECT_FALSE(left.alive);
}

TEST_F(BoardLocks, ALockThatIsBrokenIsNoticed) {
  auto held = HeldBoard::take(machine_, environment_).value();
  ASSERT_TRUE(break_lock(folder_.path() / "locks", board_key(*machine_.board_settings)).ok());
  EXPECT_TRUE(held->broken());
  auto second = HeldBoard::take(machine_, environment_).value();
  EXPECT_THAT(second->take_note(), HasSubstr("switched off"));
  ASSERT_TRUE(second->switch_power(true).ok());
  held.reset();
  EXPECT_TRUE(is_on()) << "the first one must not touch it any more";
}

TEST_F(BoardLocks, QuarantineIsKeptUntilSomebodyEndsIt) {
  const fs::path folder = lock_folder(*machine_.board_settings).value();
  EXPECT_FALSE(quarantine_of(folder, "k"));
  ASSERT_TRUE(put_in_quarantine(folder, "k", {"2026", "debian did not boot on it", "lines\nof evidence"}).ok());
  ASSERT_TRUE(quarantine_of(folder, "k"));
  EXPECT_EQ(quarantine_of(folder, "k")->evidence, "lines\nof evidence");
  EXPECT_TRUE(end_quarantine(folder, "k").value());
  EXPECT_FALSE(end_quarantine(folder, "k").value());
}

TEST(BoardPowerCommands, WhoseFaultAFailureIs) {
  BoardPower power;
  power.on = power.off = "true";
  power.timeout_seconds = 0.2;
  const auto ask = [&](const char* status) {
    power.status = status;
    return command_switch(power, nullptr).is_on();
  };
  EXPECT_TRUE(ask("echo Chassis Power is on").value());
  EXPECT_FALSE(ask("echo off").value());
  EXPECT_EQ(ask("echo perhaps").error().kind, ErrorKind::config);
  EXPECT_EQ(ask("no-such-program-here").error().kind, ErrorKind::config);
  EXPECT_EQ(ask("exit 4").error().kind, ErrorKind::infra_fault);
  EXPECT_EQ(ask("sleep 20").error().kind, ErrorKind::infra_fault);
}

TEST(BoardPowerIpmi, ABmcThatDoesNotAnswer) {
  BoardPower power;
  power.kind = "ipmi";
  power.host = "127.0.0.1";
  power.port = 1;
  power.user = "admin";
  power.timeout_seconds = 0.5;
  const auto on = ipmi_switch(power, "secret").is_on();
  ASSERT_FALSE(on.ok());
  EXPECT_EQ(on.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(on.error().what, HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(on.error().describe(), ::testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace aios::board
