// SPDX-License-Identifier: Apache-2.0
#include "harness/run/saved_guests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

namespace aios {
namespace {

using ::testing::HasSubstr;

class SavedGuestsTest : public ::testing::Test {
 protected:
  // Saves `text`, and counts how often it had to.
  auto writes(std::string text) {
    return [this, text](const fs::path& out) {
      ++saves_;
      return write_file_atomic(out, text);
    };
  }
  fs::path cache() const { return scratch_.path(); }
  fs::path state(const std::string& key) const { return cache() / "guests" / key / "state"; }

  ScratchFolder scratch_ = ScratchFolder::create("aios-bench-test").value();
  std::atomic<int> saves_ = 0;
};

TEST_F(SavedGuestsTest, IsSavedOnceAndFoundByEveryLaterRun) {
  SavedGuests guests(cache());
  const SavedGuest first = guests.get("k", writes("guest")).value();
  EXPECT_TRUE(first.fresh);
  EXPECT_EQ(read_file(first.state).value(), "guest");
  SavedGuests later(cache());
  const SavedGuest second = later.get("k", writes("another")).value();
  EXPECT_FALSE(second.fresh);
  EXPECT_EQ(read_file(second.state).value(), "guest");
  EXPECT_EQ(saves_, 1);
  EXPECT_TRUE(later.get("other key", writes("x")).value().fresh);
}

TEST_F(SavedGuestsTest, WhatIsDamagedIsSavedAgainAndSaid) {
  SavedGuests guests(cache());
  const auto damage = [&](auto how) {
    ASSERT_TRUE(guests.get("k", writes(std::string(100'000, 'g'))).ok());
    how();
    const SavedGuest again = guests.get("k", writes(std::string(100'000, 'g'))).value();
    EXPECT_TRUE(again.fresh);
    EXPECT_EQ(fs::file_size(state("k")), 100'000U);
    EXPECT_FALSE(again.trouble.empty());
  };
  damage([&] { fs::resize_file(state("k"), 60'000); });  // a disk that was full, a power cut
  damage([&] { fs::resize_file(state("k"), 0); });
  damage([&] { std::fstream(state("k"), std::ios::in | std::ios::out).seekp(5000).put('x'); });
  damage([&] { fs::remove(state("k")); });
  EXPECT_EQ(saves_, 5);
}

TEST_F(SavedGuestsTest, WhatCannotBeSavedIsTriedOnce) {
  SavedGuests guests(cache());
  const auto fails = [this](const fs::path&) -> Status {
    ++saves_;
    return infra_fault("it hangs");
  };
  EXPECT_THAT(guests.get("k", fails).error().what, HasSubstr("it hangs"));
  EXPECT_FALSE(guests.get("k", fails).ok());
  EXPECT_EQ(saves_, 1);
  EXPECT_TRUE(SavedGuests(cache()).get("k", writes("next time")).ok());
  const auto stopped = [](const fs::path&) -> Status { return interrupted(); };
  EXPECT_EQ(guests.get("j", stopped).error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(guests.get("j", writes("after it")).ok());
}

TEST_F(SavedGuestsTest, TwoRunsAtOnceSaveOnce) {
  std::vector<std::thread> runs;
  runs.reserve(4);
  for (int i = 0; i < 4; ++i) {
    runs.emplace_back([&] {
      SavedGuests own(cache());
      EXPECT_EQ(read_file(own.get("k", writes("guest"))->state).value(), "guest");
    });
  }
  for (std::thread& run : runs) run.join();
  EXPECT_EQ(saves_, 1);
}

TEST_F(SavedGuestsTest, AKilledSaveLeavesNothingThatIsTakenForAGuest) {
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    (void)SavedGuests(cache())
        .get("k",
             [&](const fs::path& out) -> Status {
               (void)write_file_atomic(out, "hal").ok();
               [[maybe_unused]] const ssize_t sent = ::write(told[1], "x", 1);
               ::pause();
               return {};
             })
        .ok();
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(told[0], &byte, 1), 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(fs::exists(state("k")));
  const SavedGuest guest = SavedGuests(cache()).get("k", writes("whole")).value();
  EXPECT_EQ(read_file(guest.state).value(), "whole");
  EXPECT_EQ(std::distance(fs::directory_iterator(cache() / "guests"), {}), 1);
  ::close(told[0]);
  ::close(told[1]);
}

TEST_F(SavedGuestsTest, WhatWasUsedLongestAgoGoesWhenTheyAreTooLarge) {
  SavedGuests guests(cache(), 250'000);
  const auto large = writes(std::string(100'000, 'g'));
  const auto age = [&](const std::string& key, int hours) {
    fs::last_write_time(cache() / "guests" / key / "seal",
                        fs::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  ASSERT_TRUE(guests.get("a", large).ok());
  ASSERT_TRUE(guests.get("b", large).ok());
  age("a", 9);
  age("b", 8);
  ASSERT_TRUE(guests.get("a", large).ok());  // used again just now
  ASSERT_TRUE(guests.get("c", large).ok());
  EXPECT_TRUE(fs::exists(state("a")));
  EXPECT_FALSE(fs::exists(state("b")));
  EXPECT_TRUE(fs::exists(state("c")));
}

TEST_F(SavedGuestsTest, ADistrustedOneIsGone) {
  SavedGuests guests(cache());
  ASSERT_TRUE(guests.get("k", writes("guest")).ok());
  guests.distrust("k");
  EXPECT_FALSE(fs::exists(state("k")));
  EXPECT_FALSE(guests.get("k", writes("guest")).ok());
}

}  // namespace
}  // namespace aios
