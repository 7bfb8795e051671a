// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/lending.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/passthrough/testing/fake_kernel.h"

namespace aios::passthrough {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kCard = "0000:03:00.0", kSound = "0000:03:00.1", kNetwork = "0000:04:00.0";

// The desktop of the recorded trees, once all that was in the way is cleared.
class LendingTest : public ::testing::Test {
 protected:
  LendingTest() {
    fs::remove(tree_.root() / "sys/bus/pci/devices" / kNetwork / "driver");
    tree_.add("F sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y\nD sys/bus/pci/drivers/vfio-pci");
    tree_.add("F proc/sys/kernel/random/boot_id first-boot");
    tree_.add("F sys/bus/pci/devices/" + kCard + "/reset");
    std::ofstream(tree_.root() / "sys/bus/pci/devices" / kCard / "config") << "\x02\x10";
  }
  LendingEnvironment environment() {
    LendingEnvironment made{{tree_.root(), journal()}, &clock_, {}, [] { return Status(); }};
    made.write = [this](const std::string& path, std::string_view text) { return kernel_.write(path, text); };
    return made;
  }
  fs::path journal() const { return tree_.root() / "journal"; }
  void expect_as_before() {
    EXPECT_EQ(kernel_.driver(kCard), "amdgpu");
    EXPECT_EQ(kernel_.driver(kSound), "snd_hda_intel");
    EXPECT_EQ(kernel_.override_of(kCard), "(null)");
    EXPECT_EQ(kernel_.override_of(kSound), "(null)");
    EXPECT_FALSE(anything_left({tree_.root(), journal()}));
  }

  RecordedTree tree_{"shared"};
  FakeKernel kernel_{tree_};
  SystemClock clock_;
};

TEST_F(LendingTest, AllFunctionsGoAndComeBack) {
  auto lending = Lending::take(environment(), {kCard});
  ASSERT_TRUE(lending.ok()) << lending.error().describe();
  EXPECT_THAT(lending->devices(), ElementsAre(kCard, kSound));
  EXPECT_EQ(kernel_.driver(kCard), "vfio-pci");
  EXPECT_EQ(kernel_.driver(kSound), "vfio-pci");
  const Returned back = lending->give_back();
  EXPECT_TRUE(back.ok());
  EXPECT_THAT(back.devices, ElementsAre(kCard, kSound));
  ASSERT_THAT(back.resets, SizeIs(1)) << "the sound function has no reset";
  EXPECT_EQ(back.resets[0].address, kCard);
  expect_as_before();
  EXPECT_THAT(lending->give_back().devices, IsEmpty());
}

TEST_F(LendingTest, TheDestructorGivesBack) {
  { ASSERT_TRUE(Lending::take(environment(), {kCard}).ok()); }
  expect_as_before();
}

// Killed before any of its orders, the next command puts everything back.
TEST_F(LendingTest, AfterAKillAtEveryStep) {
  int kills = 0;
  for (bool killed = true; killed; ++kills) {
    ASSERT_LT(kills, 40);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int orders = 0;
      kernel_.before = [&](const std::string&) {
        if (orders++ == kills) ::_exit(9);
      };
      { auto lending = Lending::take(environment(), {kSound}); }
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    killed = WEXITSTATUS(status) == 9;
    EXPECT_EQ(anything_left({tree_.root(), journal()}), killed) << kills;
    const auto back = give_back_left(environment());
    ASSERT_TRUE(back.ok()) << back.error().describe();
    EXPECT_TRUE(back->ok());
    expect_as_before();
  }
  EXPECT_EQ(kills, 14) << "six orders there, seven back, and one run to the end";
}

TEST_F(LendingTest, WhatARunHasIsNotTakenFromIt) {
  auto lending = Lending::take(environment(), {kCard});
  ASSERT_TRUE(lending.ok());
  const auto back = give_back_left(environment());
  ASSERT_TRUE(back.ok());
  EXPECT_THAT(back->devices, IsEmpty());
  EXPECT_EQ(kernel_.driver(kCard), "vfio-pci");
  lending->give_back();
  expect_as_before();
}

TEST_F(LendingTest, AnotherBootOfTheHostForgotItAll) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto lending = Lending::take(environment(), {kCard});
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  tree_.add("F proc/sys/kernel/random/boot_id second-boot");
  const auto count = kernel_.written.size();
  ASSERT_TRUE(give_back_left(environment()).ok());
  EXPECT_EQ(kernel_.written.size(), count) << "nothing is written to a kernel that knows of nothing";
  EXPECT_FALSE(anything_left({tree_.root(), journal()}));
}

TEST_F(LendingTest, ADeviceThatDoesNotComeBackIsQuarantined) {
  kernel_.dead_after_reset = kCard;
  auto lending = Lending::take(environment(), {kCard});
  ASSERT_TRUE(lending.ok());
  const Returned back = lending->give_back();
  ASSERT_THAT(back.quarantined, SizeIs(1));
  EXPECT_EQ(back.quarantined[0].address, kCard);
  EXPECT_THAT(back.quarantined[0].reason, HasSubstr("does not answer after its reset"));
  EXPECT_FALSE(back.resets.at(0).came_back);
  EXPECT_EQ(kernel_.driver(kCard), "") << "no driver is asked to talk to it";
  EXPECT_EQ(kernel_.driver(kSound), "snd_hda_intel");
  const auto again = Lending::take(environment(), {kCard});
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(again.error().what, HasSubstr("quarantine"));
  // Looked at again: first it is as it was, then somebody pulled its plug.
  EXPECT_THAT(give_back_left(environment(), true)->quarantined, SizeIs(1));
  std::ofstream(tree_.root() / "sys/bus/pci/devices" / kCard / "config") << "\x02\x10";
  EXPECT_THAT(give_back_left(environment(), true)->quarantined, IsEmpty());
  EXPECT_TRUE(Lending::take(environment(), {kCard}).ok());
}

TEST_F(LendingTest, BetweenGuestsItIsReset) {
  auto lending = Lending::take(environment(), {kCard});
  ASSERT_TRUE(lending.ok());
  ASSERT_THAT(lending->reset(), SizeIs(1));
  EXPECT_EQ(kernel_.driver(kCard), "vfio-pci");
  EXPECT_THAT(lending->give_back().resets, IsEmpty()) << "no guest had it since";
  expect_as_before();
  lending = Lending::take(environment(), {kCard});
  ASSERT_TRUE(lending.ok());
  kernel_.dead_after_reset = kCard;
  EXPECT_FALSE(lending->reset().at(0).came_back);
  EXPECT_THAT(quarantined(journal()), SizeIs(1));
}

TEST_F(LendingTest, ADriverThatRefusesIsReportedAndTriedAgain) {
  auto lending = Lending::take(environment(), {kCard});
  ASSERT_TRUE(lending.ok());
  kernel_.driver_refuses = "amdgpu";
  const Returned back = lending->give_back();
  ASSERT_THAT(back.failed, SizeIs(1));
  EXPECT_THAT(back.failed[0], HasSubstr("amdgpu"));
  EXPECT_EQ(kernel_.driver(kSound), "snd_hda_intel");
  EXPECT_TRUE(anything_left({tree_.root(), journal()}));
  kernel_.driver_refuses.clear();
  EXPECT_TRUE(give_back_left(environment())->ok());
  expect_as_before();
}

TEST_F(LendingTest, WhatStandsInTheWayIsSaidAndNothingChanged) {
  fs::create_symlink("../../../../bus/pci/drivers/igb", tree_.root() / "sys/bus/pci/devices" / kNetwork / "driver");
  auto lending = Lending::take(environment(), {kCard});
  ASSERT_FALSE(lending.ok());
  EXPECT_EQ(lending.error().kind, ErrorKind::config);
  EXPECT_THAT(lending.error().what, HasSubstr("shared with 0000:04:00.0 (igb)"));
  EXPECT_THAT(lending.error().hint, HasSubstr("unbind"));
  EXPECT_THAT(kernel_.written, IsEmpty());
  // Named with it, it goes, too.
  EXPECT_TRUE(Lending::take(environment(), {kCard, kNetwork}).ok());
  EXPECT_EQ(kernel_.driver(kNetwork), "igb");
  const auto nothing = Lending::take(environment(), {"0000:7f:00.0"});
  ASSERT_FALSE(nothing.ok());
  EXPECT_THAT(nothing.error().what, HasSubstr("no PCI device '0000:7f:00.0'"));
}

TEST_F(LendingTest, WhatAnAdministratorSetUpStaysAsItIs) {
  for (const auto& address : {kCard, kSound}) {
    const fs::path driver = tree_.root() / "sys/bus/pci/devices" / address / "driver";
    fs::remove(driver);
    fs::create_symlink("../../../../bus/pci/drivers/vfio-pci", driver);
  }
  { ASSERT_TRUE(Lending::take(environment(), {kCard}).ok()); }
  EXPECT_THAT(kernel_.written, IsEmpty());
  EXPECT_FALSE(fs::exists(journal())) << "an ordinary user needs no folder of root's";
}

TEST_F(LendingTest, DamagedJournalsArePutAside) {
  fs::create_directories(journal());
  for (const char* text : {"", "{\"devices\":[{\"address\":\"../../../etc\",\"driver\":\"x\"}]}\n", "{}", "[1,2",
                           "{\"devices\":[{\"address\":\"0000:03:00.0\",\"driver\":\"../../x\"}]}\n"}) {
    std::ofstream(journal() / "0000:03:00.0.journal") << text;
    const auto back = give_back_left(environment());
    ASSERT_TRUE(back.ok());
    EXPECT_THAT(back->notes, SizeIs(1)) << text;
    EXPECT_THAT(kernel_.written, IsEmpty()) << text;
    EXPECT_FALSE(anything_left({tree_.root(), journal()}));
  }
}

}  // namespace
}  // namespace aios::passthrough
