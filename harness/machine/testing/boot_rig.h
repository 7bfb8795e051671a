// SPDX-License-Identifier: Apache-2.0
// One real boot of a tiny image, in a line: for the boot tests only.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "harness/machine/machines.h"
#include "harness/machine/qemu/qemu_machine.h"
#include "harness/machine/watch.h"
#include "harness/support/files.h"

namespace aios::testing {

inline std::filesystem::path image(const std::string& name) {
  return std::filesystem::path(AIOS_MACHINE_IMAGES) / name;
}

struct Rig {
  SystemClock clock;
  CancelToken cancel;
  BootSpec spec;
  WatchPlan plan;
  WatchHooks hooks;

  explicit Rig(const std::string& name, const char* machine = "qemu-exact") {
    spec.machine = find_machine(built_in_machines(), machine).value();
    spec.machine.memory_mb = 64;
    spec.image = image(name);
    spec.label = name;
    adapt_plan(spec.machine, plan);
    // Two idle seconds would do; a host that is busy with other tests gets more by the scale.
    plan.markers = {"BOOT OK"};
    plan.deadline = std::chrono::seconds(10);
    plan.silence = std::chrono::seconds(3);
    plan.stall = std::chrono::milliseconds(400);
    plan.dwell = std::chrono::milliseconds(100);
    plan.loader_grace = std::chrono::milliseconds(200);
    plan.settle = std::chrono::milliseconds(60);
    plan.linux_crash_rules = false;
  }

  MachineEnvironment environment() { return {&clock, &cancel}; }

  BootEvidence boot() {
    auto scratch = ScratchFolder::create("aios-boot-test");
    EXPECT_TRUE(scratch.ok());
    qemu::QemuMachine machine(environment());
    auto evidence = watch_boot(machine, spec, plan, hooks, scratch->path(), environment());
    EXPECT_TRUE(evidence.ok()) << evidence.error().describe();
    return evidence.ok() ? *evidence : BootEvidence{};
  }
};

inline std::string story(const BootEvidence& e) {
  std::string text = std::string(to_string(e.state)) + ": " + e.detail + "\n" + e.console + "\n";
  for (const auto& row : e.screen_history) text += "screen | " + row + "\n";
  return text + e.machine_words + e.command;
}

}  // namespace aios::testing
