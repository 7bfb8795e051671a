// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_scratch.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>

namespace aios {
namespace {

TEST(BootScratch, WhatAKilledHarnessLeftIsSweptAndWhatIsInUseIsNot) {
  const BootScratch held = BootScratch::create().value();
  const fs::path where = held.path().parent_path();
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const BootScratch lost = BootScratch::create().value();
    const std::string path = lost.path().string();
    [[maybe_unused]] const ssize_t sent = ::write(told[1], path.data(), path.size());
    ::pause();
  }
  char text[4096] = {};
  ASSERT_GT(::read(told[0], text, sizeof text - 1), 0);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ASSERT_TRUE(fs::exists(text));
  sweep_boot_scratch(where);  // just made: left alone
  EXPECT_TRUE(fs::exists(text));
  sweep_boot_scratch(where, std::chrono::seconds(0));
  EXPECT_FALSE(fs::exists(text));
  EXPECT_TRUE(fs::exists(held.path()));
  ::close(told[0]);
  ::close(told[1]);
}

}  // namespace
}  // namespace aios
