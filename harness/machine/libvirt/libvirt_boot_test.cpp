// SPDX-License-Identifier: Apache-2.0
// Real domains under a real libvirtd of the test's own: how boots end, what is left behind (nothing), what happens when
// the daemon goes.
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <memory>
#include <thread>

#include "harness/machine/libvirt/errors.h"
#include "harness/machine/libvirt/libvirt_machine.h"
#include "harness/machine/libvirt/process_lookup.h"
#include "harness/machine/libvirt/testing/own_daemon.h"
#include "harness/machine/testing/boot_rig.h"

namespace aios::libvirt {
namespace {

using aios::testing::image;
using aios::testing::Rig;
using aios::testing::story;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LibvirtBoot : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (OwnDaemon::possible()) daemon_ = std::make_unique<OwnDaemon>();
  }
  static void TearDownTestSuite() { daemon_.reset(); }
  void SetUp() override {
    if (!daemon_) GTEST_SKIP() << "libvirt-daemon is not installed";
  }

  struct DomainRig : Rig {
    explicit DomainRig(const std::string& name, const char* machine = "libvirt-exact") : Rig(name, machine) {
      spec.machine.libvirt->uri = daemon_->uri();
    }
  };
  static Result<BootEvidence> boot(Rig& rig) {
    const auto scratch = ScratchFolder::create("aios-boot-test").value();
    auto machine = make(rig.environment());
    auto evidence = watch_boot(*machine, rig.spec, rig.plan, rig.hooks, scratch.path(), rig.environment());
    machine.reset();
    EXPECT_TRUE(fs::is_empty(scratch.path()));
    EXPECT_TRUE(OwnDaemon::wait_for([] { return daemon_->emulators().empty(); }));
    return evidence;
  }

  static std::unique_ptr<OwnDaemon> daemon_;
};

std::unique_ptr<OwnDaemon> LibvirtBoot::daemon_;

struct DomainEnd {
  const char* image;
  EndState state;
};

TEST_F(LibvirtBoot, EndsAreToldApartAsOnQemuItself) {
  for (const DomainEnd& end : {DomainEnd{"power_off.elf", EndState::power_off}, DomainEnd{"reset.elf", EndState::reset},
                               DomainEnd{"marker_triple.elf", EndState::triple_fault},
                               DomainEnd{"marker_halt.elf", EndState::reached_markers}}) {
    DomainRig one(end.image);
    if (end.state == EndState::power_off) one.plan.wanted = WantedEnd::power_off;
    const auto got = boot(one);
    ASSERT_TRUE(got.ok()) << got.error().describe();
    EXPECT_EQ(got->state, end.state) << story(*got);
    EXPECT_THAT(got->console, ::testing::StartsWith("tiny kernel: "));
    EXPECT_EQ(got->fidelity, Fidelity::exact) << story(*got);
    EXPECT_THAT(got->devices, ::testing::Contains("isa-serial"));
    EXPECT_THAT(got->back_end_version, HasSubstr("QEMU 7."));
  }
}

TEST_F(LibvirtBoot, TheScreenIsReadAndRegistersAreAsked) {
  DomainRig one("vga_only.elf", "libvirt");
  one.spec.screen = true;
  one.plan.markers = {"VGA OK"};
  const auto got = boot(one);
  ASSERT_TRUE(got.ok()) << got.error().describe();
  EXPECT_EQ(got->state, EndState::reached_markers) << story(*got);
  DomainRig silent("silent_spin.elf");
  silent.plan.silence = std::chrono::milliseconds(500);
  const auto asked = boot(silent);
  ASSERT_TRUE(asked.ok()) << asked.error().describe();
  EXPECT_THAT(asked->registers, HasSubstr("EIP=")) << story(*asked);
}

TEST_F(LibvirtBoot, AnImageThatQemuRefusesIsTheImagesFault) {
  DomainRig one("no_system.img");
  const auto scratch = ScratchFolder::create("aios-boot-test").value();
  ASSERT_TRUE(write_file_atomic(scratch.path() / "no-kernel", std::string(64, 'x')).ok());
  one.spec.image = scratch.path() / "no-kernel";
  const auto got = boot(one);
  ASSERT_TRUE(got.ok()) << got.error().describe();
  EXPECT_EQ(got->state, EndState::loader_refusal) << story(*got);
}

TEST_F(LibvirtBoot, AMachineThatCannotBeIsTheFilesFault) {
  DomainRig one("power_off.elf", "libvirt");
  one.spec.machine.libvirt->numa = {{"0", 64, "77"}};
  const auto got = boot(one);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().kind, ErrorKind::config) << got.error().describe();
}

TEST_F(LibvirtBoot, WithAPoolTheKernelIsAVolumeAndTheConsoleAStream) {
  const fs::path folder = daemon_->folder() / "pool";
  auto connection = Connection::open(daemon_->uri()).value();
  const std::string xml =
      "<pool type='dir'><name>lab</name><target><path>" + folder.string() + "</path></target></pool>";
  const Handle<virStoragePool> pool(virStoragePoolCreateXML(connection.get(), xml.c_str(), 0));
  ASSERT_TRUE(pool) << last_message();
  DomainRig one("power_off.elf");
  one.spec.machine.libvirt->pool = "lab";
  one.plan.wanted = WantedEnd::power_off;
  const auto got = boot(one);
  ASSERT_TRUE(got.ok()) << got.error().describe();
  EXPECT_EQ(got->state, EndState::power_off) << story(*got);
  EXPECT_THAT(got->console, HasSubstr("BOOT OK"));
  EXPECT_EQ(got->fidelity, Fidelity::counted);
  EXPECT_TRUE(fs::is_empty(folder));
  one.spec.machine.libvirt->pool = "labb";
  const auto wrong = boot(one);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().kind, ErrorKind::config);
  EXPECT_THAT(wrong.error().describe(), HasSubstr("no storage pool 'labb'"));
}

TEST_F(LibvirtBoot, CtrlCLeavesNothing) {
  for (const int after_ms : {0, 100, 600}) {
    DomainRig one("noise.elf");
    std::thread interrupter([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
      one.cancel.cancel();
    });
    const auto got = boot(one);
    interrupter.join();
    if (got.ok()) {
      EXPECT_EQ(got->state, EndState::cancelled);
    } else {
      EXPECT_EQ(got.error().kind, ErrorKind::interrupted) << got.error().describe();
    }
  }
}

TEST_F(LibvirtBoot, TheDomainGoesWithAHarnessThatIsKilled) {
  int wire[2];
  ASSERT_EQ(::pipe(wire), 0);
  const auto scratch = ScratchFolder::create("aios-boot-test").value();
  const pid_t harness = ::fork();
  if (harness == 0) {
    DomainRig one("spin_after_output.elf");
    LibvirtMachine machine(one.environment());
    const bool runs = machine.prepare(one.spec, scratch.path()).ok() && machine.boot().ok();
    const int pid = runs ? find_process(machine.name()) : -1;
    [[maybe_unused]] const auto written = ::write(wire[1], &pid, sizeof pid);
    for (;;) ::pause();
  }
  int emulator = -1;
  ASSERT_EQ(::read(wire[0], &emulator, sizeof emulator), static_cast<ssize_t>(sizeof emulator));
  EXPECT_GT(emulator, 0);
  ::kill(harness, SIGKILL);
  ::waitpid(harness, nullptr, 0);
  if (emulator > 0) {
    EXPECT_TRUE(OwnDaemon::wait_for([&] { return !fs::exists("/proc/" + std::to_string(emulator) + "/exe"); }));
  }
}

TEST_F(LibvirtBoot, ADaemonThatIsRestartedInMidRunIsTheLabsFaultAndLeavesNothing) {
  DomainRig one("spin_after_output.elf");
  one.plan.stall = one.plan.deadline;
  std::atomic<bool> spoke{false};
  one.hooks.on_bytes = [&](std::string_view) { spoke = true; };
  std::thread restarter([&] {
    OwnDaemon::wait_for([&] { return spoke.load(); });
    daemon_->kill_now();
    daemon_->start();
  });
  const auto got = boot(one);
  restarter.join();
  daemon_->start();  // a child goes with the thread that started it
  ASSERT_TRUE(got.ok()) << got.error().describe();
  EXPECT_EQ(got->state, EndState::lost_connection) << story(*got);
  const auto judged = judge_end(*got, "tiny");
  ASSERT_FALSE(judged.ok());
  EXPECT_EQ(judged.error().kind, ErrorKind::infra_fault) << judged.error().describe();
}

TEST_F(LibvirtBoot, ADaemonThatDiesWhileItMakesTheDomainLeavesNothing) {
  DomainRig one("spin_after_output.elf");
  std::thread killer([&] {
    OwnDaemon::wait_for([] { return !daemon_->emulators().empty(); });
    daemon_->kill_now();
  });
  const auto got = boot(one);
  killer.join();
  daemon_->start();
  ASSERT_FALSE(got.ok() && judge_end(*got, "tiny").ok());
  const Error error = got.ok() ? judge_end(*got, "tiny").error() : got.error();
  EXPECT_EQ(error.kind, ErrorKind::infra_fault) << error.describe();
}

}  // namespace
}  // namespace aios::libvirt
