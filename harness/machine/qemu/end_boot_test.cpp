// SPDX-License-Identifier: Apache-2.0
// What is left behind (nothing), what exact means (the same again), what talking does, and what a boot costs over
// spawning QEMU by hand.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <thread>

#include "harness/machine/qemu/kvm_probe.h"
#include "harness/machine/testing/boot_rig.h"
#include "harness/support/process.h"

namespace aios {
namespace {

using testing::image;
using testing::Rig;
using testing::story;

bool alive(int pid) { return ::kill(pid, 0) == 0; }

TEST(Ending, CtrlCAtAnyMomentLeavesNothing) {
  for (const int after_ms : {0, 20, 60, 120, 250}) {
    Rig rig("noise.elf");
    std::thread interrupter([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
      rig.cancel.cancel();
    });
    auto scratch = ScratchFolder::create("aios-boot-test").value();
    qemu::QemuMachine machine(rig.environment());
    const auto before = rig.clock.monotonic();
    const auto result = watch_boot(machine, rig.spec, rig.plan, rig.hooks, scratch.path(), rig.environment());
    interrupter.join();
    EXPECT_LT(seconds(rig.clock.monotonic() - before), 3.0);
    if (result.ok()) {
      EXPECT_EQ(result->state, EndState::cancelled) << after_ms;
      EXPECT_EQ(judge_end(*result, "tiny").error().kind, ErrorKind::interrupted);
    } else {
      EXPECT_EQ(result.error().kind, ErrorKind::interrupted);
    }
    EXPECT_EQ(machine.process_id(), -1);
    EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
  }
}

TEST(Ending, QemuDiesWithAHarnessThatIsKilled) {
  int wire[2];
  ASSERT_EQ(::pipe(wire), 0);
  const pid_t harness = ::fork();
  if (harness == 0) {
    Rig rig("spin_after_output.elf");
    qemu::QemuMachine machine(rig.environment());
    if (!machine.prepare(rig.spec, "/tmp").ok() || !machine.boot().ok()) ::_exit(1);
    const int pid = machine.process_id();
    [[maybe_unused]] const auto written = ::write(wire[1], &pid, sizeof pid);
    for (;;) ::pause();
  }
  int qemu = 0;
  ASSERT_EQ(::read(wire[0], &qemu, sizeof qemu), static_cast<ssize_t>(sizeof qemu));
  EXPECT_TRUE(alive(qemu));
  ::kill(harness, SIGKILL);
  ::waitpid(harness, nullptr, 0);
  // Nobody waits for the orphan where PID 1 is slow; a zombie has died all the same.
  const auto dead = [&] {
    std::string line;
    std::ifstream(("/proc/" + std::to_string(qemu) + "/stat").c_str()) >> line >> line >> line;
    return line == "Z";
  };
  bool gone = false;
  for (int i = 0; i < 200 && !gone; ++i) {
    gone = !alive(qemu) || dead();
    if (!gone) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(gone);
  ::close(wire[0]);
  ::close(wire[1]);
}

TEST(Ending, AMachineThatDiesUnderUsIsInfrastructure) {
  Rig rig("spin_after_output.elf");
  rig.plan.stall = std::chrono::seconds(5);
  qemu::QemuMachine machine(rig.environment());
  std::thread killer;
  rig.hooks.on_log = [&](std::string_view, Duration) {
    if (!killer.joinable()) killer = std::thread([pid = machine.process_id()] { ::kill(pid, SIGKILL); });
  };
  const auto result = watch_boot(machine, rig.spec, rig.plan, rig.hooks, "/tmp", rig.environment());
  killer.join();
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->state, EndState::machine_died) << story(*result);
  EXPECT_EQ(judge_end(*result, "tiny").error().kind, ErrorKind::infra_fault);
}

TEST(Exact, TheSameAgainToTheTick) {
  Rig rig("count_tsc.elf");
  const auto first = rig.boot();
  const auto second = rig.boot();
  EXPECT_EQ(first.state, EndState::reached_markers) << story(first);
  EXPECT_NE(first.console.find("tsc "), std::string::npos);
  EXPECT_EQ(first.console, second.console);
  // A look at the screen does not move the clock either.
  rig.spec.screen = true;
  Rig plain("count_tsc.elf");
  plain.spec.screen = true;
  EXPECT_EQ(rig.boot().console, plain.boot().console);
}

// The price of watching: the same QEMU, spawned by hand with nothing on its wires, against a whole watch_boot.
TEST(Overhead, AtMostFiftyMillisecondsABoot) {
  constexpr int kPairs = 9;
  std::vector<double> differences;
  Rig rig("power_off.elf");
  rig.plan.wanted = WantedEnd::power_off;
  for (int i = 0; i < kPairs; ++i) {
    const Duration start = rig.clock.monotonic();
    const auto e = rig.boot();
    const Duration middle = rig.clock.monotonic();
    ASSERT_EQ(e.state, EndState::power_off) << story(e);
    const auto bare = run_command({.argv = {"qemu-system-x86_64",
                                            "-no-user-config",
                                            "-nodefaults",
                                            "-display",
                                            "none",
                                            "-M",
                                            "q35,sata=off,smbus=off,usb=off,vmport=off",
                                            "-accel",
                                            "tcg",
                                            "-icount",
                                            "shift=0,sleep=off",
                                            "-cpu",
                                            rig.spec.machine.cpu_model,
                                            "-m",
                                            "64",
                                            "-vga",
                                            "none",
                                            "-serial",
                                            "stdio",
                                            "-no-reboot",
                                            "-kernel",
                                            rig.spec.image.string()}});
    const Duration end = rig.clock.monotonic();
    ASSERT_TRUE(bare.ok() && bare->exit.success());
    differences.push_back(seconds(middle - start) - seconds(end - middle));
  }
  std::sort(differences.begin(), differences.end());
  const double median_ms = differences[kPairs / 2] * 1000;
  RecordProperty("median_ms", std::to_string(median_ms));
  std::cout << "overhead a boot, median of " << kPairs << " pairs: " << median_ms << " ms\n";
  EXPECT_LT(median_ms, 50);
}

TEST(Talking, WhatIsTypedReachesTheGuest) {
  Rig rig("echo.elf");
  rig.spec.interactive = true;
  rig.plan.markers = {"echo ready", "hello"};
  rig.plan.wanted = WantedEnd::power_off;
  int wire[2];
  ASSERT_EQ(::pipe(wire), 0);
  rig.hooks.input_fd = wire[0];
  std::string seen;
  rig.hooks.on_bytes = [&](std::string_view bytes) {
    seen += bytes;
    if (seen.find("ready") != std::string::npos && wire[1] >= 0) {
      [[maybe_unused]] const auto written = ::write(wire[1], "hello q", 7);
      ::close(std::exchange(wire[1], -1));
    }
  };
  const auto e = rig.boot();
  ::close(wire[0]);
  EXPECT_EQ(e.state, EndState::power_off) << story(e);
  EXPECT_TRUE(e.wanted);
  EXPECT_EQ(e.fidelity, Fidelity::counted);
}

TEST(Kvm, TheProbeSaysWhatItSawAndRemembers) {
  const auto scratch = ScratchFolder::create().value();
  SystemClock clock;
  const MachineEnvironment environment{&clock, nullptr};
  qemu::KvmProbeOptions options{.device = scratch.path() / "no-kvm"};
  auto verdict = qemu::probe_kvm(environment, options);
  ASSERT_TRUE(verdict.ok());
  EXPECT_FALSE(verdict->works);
  EXPECT_NE(verdict->reason.find("there is no"), std::string::npos);

  options = {.cache_file = scratch.path() / "cache/kvm.json", .deadline = std::chrono::seconds(2)};
  if (::access("/dev/kvm", R_OK | W_OK) != 0) GTEST_SKIP() << "no /dev/kvm on this machine";
  verdict = qemu::probe_kvm(environment, options);
  ASSERT_TRUE(verdict.ok()) << verdict.error().describe();
  EXPECT_FALSE(verdict->remembered);
  EXPECT_FALSE(verdict->reason.empty());
  EXPECT_EQ(verdict->works, !verdict->cpu_model.empty());
  const auto again = qemu::probe_kvm(environment, options);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->remembered);
  EXPECT_EQ(again->works, verdict->works);
  EXPECT_EQ(again->reason, verdict->reason);

  Rig rig("marker_halt.elf", "qemu-kvm");
  MachineEnvironment with_cache = rig.environment();
  with_cache.cache_folder = scratch.path() / "host";
  ASSERT_TRUE(make_folders(with_cache.cache_folder).ok());
  ASSERT_TRUE(copy_file_to(options.cache_file, with_cache.cache_folder / "kvm-probe.json").ok());
  qemu::QemuMachine machine(with_cache);
  const auto booted = watch_boot(machine, rig.spec, rig.plan, rig.hooks, scratch.path(), with_cache);
  ASSERT_EQ(booted.ok(), verdict->works);
  EXPECT_TRUE(booted.ok() || booted.error().kind == ErrorKind::config);
}

}  // namespace
}  // namespace aios
