// SPDX-License-Identifier: Apache-2.0
// The cases of kernels that know nothing of the harness, each with a real boot of a tiny image: what each end looks
// like, told apart by evidence and never by guess.
#include <fstream>

#include "harness/machine/testing/boot_rig.h"

namespace aios {
namespace {

using testing::Rig;
using testing::story;

#ifdef __SANITIZE_ADDRESS__
constexpr long kMostMib = 160;  // with the sanitizer's shadow, red zones and quarantine
#else
constexpr long kMostMib = 40;
#endif

TEST(BlackBox, MarkerAndAliveIsReached) {
  Rig rig("marker_halt.elf");
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
  EXPECT_TRUE(e.wanted);
  EXPECT_TRUE(judge_end(e, "tiny").ok());
  EXPECT_TRUE(e.back_end_version.starts_with("QEMU ")) << e.back_end_version;
  EXPECT_EQ(e.fidelity, Fidelity::exact);
  EXPECT_FALSE(e.devices.empty());
  ASSERT_EQ(e.markers.size(), 1U);
  EXPECT_EQ(e.markers[0].line, "tiny kernel: BOOT OK");
}

TEST(BlackBox, MarkersInOrder) {
  Rig rig("ordered.elf");
  rig.plan.markers = {"stage one", "stage two", "stage three"};
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
  EXPECT_LE(*e.markers[0].at, *e.markers[2].at);
}

TEST(BlackBox, MarkersOutOfOrderAreNotReached) {
  Rig rig("disordered.elf");
  rig.plan.markers = {"stage one", "stage two"};
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::hang) << story(e);
  EXPECT_NE(e.detail.find("'stage two'"), std::string::npos) << e.detail;
  EXPECT_FALSE(judge_end(e, "tiny").ok());
}

TEST(BlackBox, SpeaksOnTheScreenOnly) {
  Rig rig("vga_only.elf");
  rig.spec.screen = true;
  rig.plan.markers = {"VGA OK"};
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
  EXPECT_EQ(e.console_bytes, 0U);
  EXPECT_THAT(e.screen, ::testing::Contains("tiny kernel: VGA OK"));
}

TEST(BlackBox, AFleetingLineOfTheScreenIsKept) {
  Rig rig("vga_fleeting.elf", "qemu-tcg");
  rig.spec.screen = true;
  rig.plan.markers = {"VGA OK", "idle"};
  rig.plan.stall = std::chrono::seconds(5);
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
  EXPECT_THAT(e.screen, ::testing::Not(::testing::Contains("tiny kernel: VGA OK")));
  EXPECT_THAT(e.screen_history, ::testing::Contains("tiny kernel: VGA OK"));
}

TEST(BlackBox, AMarkerSeenIsNoBootWhenATripleFaultFollows) {
  Rig rig("marker_triple.elf");
  rig.plan.dwell = std::chrono::seconds(5);  // it ends with the fault
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::triple_fault) << story(e);
  EXPECT_TRUE(e.markers[0].at.has_value());
  EXPECT_NE(e.registers.find("IDT=     00000000 00000000"), std::string::npos) << e.registers;
  EXPECT_EQ(judge_end(e, "tiny").error().kind, ErrorKind::kernel_fault);
}

TEST(BlackBox, ResetIsToldFromATripleFault) {
  for (const char* name : {"reset.elf", "keyboard_reset.elf"}) {
    Rig rig(name);
    const auto e = rig.boot();
    EXPECT_EQ(e.state, EndState::reset) << story(e);
  }
}

TEST(BlackBox, PowerOff) {
  Rig rig("power_off.elf");
  rig.plan.wanted = WantedEnd::power_off;
  auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::power_off) << story(e);
  EXPECT_TRUE(e.wanted);
  rig.plan.wanted = WantedEnd::stays_alive;
  e = rig.boot();
  EXPECT_EQ(e.state, EndState::power_off);
  EXPECT_FALSE(e.wanted);
}

TEST(BlackBox, ExitDevice) {
  Rig rig("debug_exit.elf");
  rig.spec.exit_device = true;
  rig.plan.wanted = WantedEnd::guest_exit;
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::guest_exit) << story(e);
  EXPECT_EQ(e.exit_code, 21);
  EXPECT_TRUE(e.wanted);
}

TEST(BlackBox, AliveButInvisible) {
  Rig rig("silent_halt.elf");
  rig.plan.silence = std::chrono::milliseconds(250);
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::alive_but_invisible) << story(e);
  EXPECT_NE(e.detail.find("halted with interrupts off at 0x1000"), std::string::npos) << e.detail;
}

TEST(BlackBox, SilentSpinIsSilence) {
  Rig rig("silent_spin.elf");
  rig.plan.silence = std::chrono::milliseconds(250);
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::silence) << story(e);
  EXPECT_NE(e.detail.find("running at 0x1000"), std::string::npos) << e.detail;
}

TEST(BlackBox, OutputButNoProgressIsAHang) {
  Rig rig("spin_after_output.elf");
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::hang) << story(e);
  EXPECT_NE(e.registers.find("EIP="), std::string::npos);
  EXPECT_NE(judge_end(e, "tiny").error().what.find("loading modules"), std::string::npos);
}

TEST(BlackBox, NoiseForEverIsAFloodAndTakesNoMemory) {
  Rig rig("noise.elf");
  rig.plan.bounds.bytes = 3U << 20;
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::flood) << e.detail;
  EXPECT_TRUE(e.console_cut);
  EXPECT_LT(e.console.size(), 400U << 10);
  EXPECT_GT(e.console_bytes, 3U << 20);
  // What the harness itself may take, with all of a test program in it.
  std::ifstream status("/proc/self/status");
  std::string word;
  long peak_kib = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> peak_kib;
  }
  EXPECT_GT(peak_kib, 0);
  EXPECT_LT(peak_kib, kMostMib << 10);
}

TEST(BlackBox, LinuxPanicInItsWords) {
  Rig rig("linux_panic.elf");
  rig.plan.linux_crash_rules = true;
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::panic) << story(e);
  EXPECT_NE(e.detail.find("Unable to mount root fs"), std::string::npos);
  EXPECT_NE(e.crash_text.find("end Kernel panic"), std::string::npos) << e.crash_text;
}

TEST(BlackBox, ALateOopsIsStillOne) {
  Rig rig("late_oops.elf");
  rig.plan.linux_crash_rules = true;
  rig.plan.dwell = std::chrono::seconds(5);  // it ends with the oops
  rig.plan.crash_grace = std::chrono::milliseconds(100);
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::oops) << story(e);
  EXPECT_TRUE(e.markers[0].at.has_value());
  EXPECT_NE(e.crash_text.find("RIP: 0010:do_something"), std::string::npos);
}

TEST(BlackBox, AnExpectedPanicIsNoRule) {
  Rig rig("expected_panic.elf");
  rig.plan.markers = {"(XEN) Xen version", "Panic on CPU 0"};
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
}

TEST(BlackBox, WrongProcessor) {
  Rig rig("wrong_cpu.elf");
  rig.spec.screen = true;
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::wrong_cpu) << story(e);
  EXPECT_EQ(judge_end(e, "tiny").error().kind, ErrorKind::config);
}

TEST(BlackBox, FramesGoToTheirSinkAndTheRestIsLog) {
  Rig rig("frames.elf");
  std::vector<std::string> frames, log;
  rig.hooks.on_frame = [&](std::string_view line, Duration) {
    frames.emplace_back(line);
    return FrameVerdict::progress;
  };
  rig.hooks.on_log = [&](std::string_view line, Duration) { log.emplace_back(line); };
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
  EXPECT_THAT(frames, ::testing::ElementsAre("@AB1 17 0badf00d {\"hello\":\"frame\"}"));
  EXPECT_THAT(log, ::testing::ElementsAre("log line before", "log line after", "tiny kernel: BOOT OK"));
}

}  // namespace
}  // namespace aios
