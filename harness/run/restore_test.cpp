// SPDX-License-Identifier: Apache-2.0
// Runs that go on from saved guests, with scripted machines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/boot_start.h"
#include "harness/run/execute.h"
#include "harness/run/guest_media.h"
#include "harness/run/testing/scripted_lab.h"

namespace aios {
namespace {

using testing::good_boot;
using ::testing::HasSubstr;
using testing::Lab;
using testing::ScriptedBoot;

// What of a machine's spec tells how it starts.
struct Started {
  bool held = false, resumed = false;
  std::string orders;
};

class Watched final : public Machine {
 public:
  Watched(std::unique_ptr<Machine> inner, std::vector<Started>& seen) : inner_(std::move(inner)), seen_(&seen) {}
  Status prepare(const BootSpec& spec, const fs::path& scratch) override {
    seen_->push_back({!spec.hold.empty(), !spec.resume_from.empty(), spec.orders.empty() ? "" : spec.orders[0].second});
    return inner_->prepare(spec, scratch);
  }
  Status boot() override { return inner_->boot(); }
  Result<std::vector<MachineEvent>> wait(Duration at_most, int fd) override { return inner_->wait(at_most, fd); }
  Status talk(std::string_view bytes) override { return inner_->talk(bytes); }
  Diagnosis diagnose(Duration at_most, bool sysrq) override { return inner_->diagnose(at_most, sysrq); }
  Status save(const fs::path& out, Duration) override { return write_file_atomic(out, "a guest"); }
  EndReport end(Duration at_most) override { return inner_->end(at_most); }

 private:
  std::unique_ptr<Machine> inner_;
  std::vector<Started>* seen_;
};

class RestoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lab_.plan_.machine.backend = "qemu";
    lab_.plan_.machine.accelerator = "tcg-icount";
    lab_.plan_.machine.board = "q35";
    lab_.plan_.machine.cpu_model = "EPYC-v1";
    lab_.plan_.restore = true;
    lab_.kernel_.config = lab_.scratch_.path() / "config";
    hold_ = lab_.scratch_.path() / "hold.so";
    ASSERT_TRUE(write_file_atomic(lab_.kernel_.config, "#\nCONFIG_X86_IOPL_IOPERM=y\n").ok());
    ASSERT_TRUE(write_file_atomic(hold_, "plugin").ok());
  }

  RunRecord run() {
    RunEnv env = lab_.env();
    env.guests = std::make_shared<SavedGuests>(lab_.store_.cache());
    env.hold = hold_;
    env.make_machine = [this, make = env.make_machine](
                           const MachineSpec& spec,
                           const MachineEnvironment& environment) -> Result<std::unique_ptr<Machine>> {
      return std::unique_ptr<Machine>(std::make_unique<Watched>(TRY(make(spec, environment)), seen_));
    };
    seen_.clear();
    auto record = execute_run(lab_.plan_, lab_.request_, lab_.kernel_, env);
    EXPECT_TRUE(record.ok()) << record.error().describe();
    return record.ok() ? *record : RunRecord();
  }

  static ScriptedBoot held() {
    ScriptedBoot out;
    out.script.say("Linux version 6.12\n").happen(EventKind::held);
    return out;
  }
  static ScriptedBoot gone() {
    ScriptedBoot out;
    out.script.say("Linux version 6.12\n").say("Kernel panic - not syncing: VFS\n").happen(EventKind::power_off);
    out.counts = testing::counts_head();
    out.script.report.fidelity = Fidelity::exact;
    return out;
  }

  Lab lab_;
  fs::path hold_;
  std::vector<Started> seen_;
};

TEST_F(RestoreTest, TheFirstRunSavesAndBothGoOnFromThere) {
  lab_.plan_scenarios({"syscall", "ipc"});
  lab_.scripts = {held(), good_boot("syscall"), good_boot("ipc")};
  const RunRecord first = run();
  EXPECT_EQ(first.outcome, "complete");
  EXPECT_EQ(first.boots.at(0).start, "restored");
  EXPECT_EQ(first.boots.at(1).start, "restored");
  ASSERT_EQ(seen_.size(), 3U);  // one image of one program: one guest for both
  EXPECT_TRUE(seen_[0].held && !seen_[0].resumed);
  EXPECT_TRUE(seen_[1].resumed && !seen_[1].held);
  EXPECT_THAT(seen_[0].orders, ::testing::Not(HasSubstr("run ")));
  EXPECT_THAT(seen_[1].orders, HasSubstr("\nrun syscall /aios/bin/operations"));
  EXPECT_THAT(seen_[2].orders, HasSubstr("\nrun ipc /aios/bin/operations"));
  lab_.scripts = {good_boot("syscall"), good_boot("ipc")};
  EXPECT_EQ(run().boots.at(0).start, "restored");
  EXPECT_EQ(seen_.size(), 2U);
  EXPECT_FALSE(first.provenance.wall_seconds.contains("boot_to_init"));  // that would be another thing
}

TEST_F(RestoreTest, WhatHangsOnTheBootIsPartOfTheKey) {
  lab_.plan_scenarios({"syscall"});
  const auto saves_again = [&] {
    lab_.scripts = {held(), good_boot("syscall")};
    run();
    return lab_.scripts.empty();
  };
  EXPECT_TRUE(saves_again());
  lab_.plan_.append = {"quiet"};
  EXPECT_TRUE(saves_again());
  lab_.plan_.perturbations[0].memory_mb_added = 2;
  EXPECT_TRUE(saves_again());
  lab_.plan_.machine.cpu_model = "Nehalem";
  EXPECT_TRUE(saves_again());
  ASSERT_TRUE(write_file_atomic(lab_.kernel_.image, "another kernel").ok());
  EXPECT_TRUE(saves_again());
  lab_.plan_.label = "a name";
  lab_.scripts = {good_boot("syscall")};
  EXPECT_EQ(run().boots.at(0).start, "restored");
  EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(RestoreTest, TheBootItselfIsNeverRestoredNorWhatIsAskedCold) {
  lab_.plan_scenarios({"boot"});
  lab_.scripts = {good_boot("boot")};
  EXPECT_EQ(run().boots.at(0).start, "cold");
  EXPECT_TRUE(seen_.at(0).orders.empty());
  lab_.plan_.scenarios.clear();
  lab_.plan_.boots.clear();
  lab_.plan_scenarios({"syscall"});
  lab_.plan_.restore = false;
  lab_.scripts = {good_boot("syscall")};
  EXPECT_EQ(run().boots.at(0).start, "cold");
  EXPECT_THAT(seen_.at(0).orders, HasSubstr("\nrun syscall"));  // and yet by the same way, to be the same boot
}

TEST_F(RestoreTest, AKernelThatKeepsItsPortsIsTriedByTheOldWay) {
  lab_.plan_scenarios({"syscall"});
  const PlannedBoot& boot = lab_.plan_.boots[0];
  EXPECT_TRUE(orders_come_later(lab_.plan_, boot, lab_.kernel_));
  lab_.plan_.append = {"lockdown=integrity"};
  EXPECT_FALSE(orders_come_later(lab_.plan_, boot, lab_.kernel_));
  lab_.plan_.append.clear();
  ASSERT_TRUE(write_file_atomic(lab_.kernel_.config, "#\n# CONFIG_X86_IOPL_IOPERM is not set\n").ok());
  EXPECT_FALSE(orders_come_later(lab_.plan_, boot, lab_.kernel_));
  lab_.kernel_.config.clear();
  EXPECT_FALSE(orders_come_later(lab_.plan_, boot, lab_.kernel_));
}

TEST_F(RestoreTest, OnlyAColdBootAccusesAKernel) {
  lab_.plan_scenarios({"syscall"});
  lab_.scripts = {held(), gone(), good_boot("syscall")};
  const RunRecord saved = run();
  EXPECT_EQ(saved.outcome, "complete");
  EXPECT_EQ(saved.boots.at(0).start, "cold");
  EXPECT_THAT(saved.boots.at(0).notes, ::testing::ElementsAre(HasSubstr("booted cold")));
  lab_.scripts = {held(), gone(), gone()};  // the guest was not kept, and the kernel is at fault after all
  const RunRecord broken = run();
  EXPECT_EQ(broken.outcome, "failed");
  EXPECT_EQ(broken.boots.at(0).end_state, "panic");
  EXPECT_EQ(broken.boots.at(0).start, "cold");
}

TEST_F(RestoreTest, AGuestThatCannotBeSavedIsBootedCold) {
  lab_.plan_scenarios({"syscall", "ipc"});
  lab_.scripts = {gone(), good_boot("syscall"), good_boot("ipc")};
  const RunRecord record = run();
  EXPECT_EQ(record.outcome, "complete");
  EXPECT_EQ(record.boots.at(0).start, "cold");
  EXPECT_EQ(record.boots.at(1).start, "cold");
  EXPECT_EQ(seen_.size(), 3U);  // and not tried again in this run
}

}  // namespace
}  // namespace aios
