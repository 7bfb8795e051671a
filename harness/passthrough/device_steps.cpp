// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/device_steps.h"

#include <fmt/format.h>

#include <thread>

#include "harness/passthrough/discover.h"
#include "harness/passthrough/pci_device.h"

namespace aios::passthrough {
namespace {

constexpr const char* kVfio = "vfio-pci";
// A guest's memory is unpinned when its QEMU is gone; that of a large one takes a while.
constexpr auto kUntilUnused = std::chrono::seconds(30);
constexpr auto kLookAgain = std::chrono::milliseconds(20);

std::string file_of(const std::string& address, std::string_view attribute) {
  return fmt::format("sys/bus/pci/devices/{}/{}", address, attribute);
}

}  // namespace

Status DeviceSteps::write(std::string_view step, const std::string& path, std::string_view text) {
  TRY(journal_.step(step));
  return environment_.write(path, text);
}

std::string DeviceSteps::driver_of(const std::string& address) const {
  return tree_.link_name(file_of(address, "driver")).value_or("");
}

Status DeviceSteps::unbind(const std::string& address) {
  if (driver_of(address).empty()) return {};
  return write("unbind " + address, file_of(address, "driver/unbind"), address);
}

Status DeviceSteps::to_vfio(const std::string& address) {
  TRY(write("override " + address, file_of(address, "driver_override"), kVfio));
  TRY(unbind(address));
  // Writing to drivers_probe says nothing of what came of it.
  TRY(write("probe " + address, "sys/bus/pci/drivers_probe", address));
  if (driver_of(address) == kVfio) return {};
  return infra_fault(fmt::format("{} does not go to vfio-pci", address), file_of(address, "driver"),
                     "the kernel's log says why: dmesg | tail");
}

bool DeviceSteps::answers(const std::string& address) const {
  const auto config = tree_.bytes(file_of(address, "config"), 4);
  if (!config) return tree_.exists(file_of(address, "vendor"));
  return config->size() >= 2 && !(config->at(0) == '\xff' && config->at(1) == '\xff');
}

std::optional<ResetOutcome> DeviceSteps::reset(const std::string& address) {
  if (!tree_.exists(file_of(address, "reset"))) return std::nullopt;
  ResetOutcome outcome{address, 0, true};
  const Duration begun = environment_.clock->monotonic();
  const Status done = write("reset " + address, file_of(address, "reset"), "1");
  outcome.seconds = seconds(environment_.clock->monotonic() - begun);
  outcome.came_back = done.ok() && answers(address);
  return outcome;
}

Status DeviceSteps::to_before(const DeviceBefore& before, bool dead) {
  const std::string& address = before.address;
  if (driver_of(address) == kVfio && before.driver != kVfio) {
    // Unbinding would wait for ever, and could not be interrupted.
    const auto group = tree_.link_name(file_of(address, "iommu_group")).value_or("");
    const Deadline patience(*environment_.clock, kUntilUnused);
    bool saw_all = true;
    auto users = users_of(tree_, {"vfio/" + group}, saw_all);
    while (!users.empty() && !patience.passed()) {
      std::this_thread::sleep_for(kLookAgain);
      users = users_of(tree_, {"vfio/" + group}, saw_all);
    }
    if (!users.empty()) {
      return infra_fault(fmt::format("{} is still in use by {} (pid {})", address, users[0].program, users[0].pid),
                         "/dev/vfio/" + group, fmt::format("kill {}; aios-bench doctor --restore", users[0].pid));
    }
    TRY(unbind(address));
  }
  // An empty line clears it.
  TRY(write("override back " + address, file_of(address, "driver_override"),
            before.driver_override.empty() ? "\n" : before.driver_override));
  if (dead || before.driver.empty() || driver_of(address) == before.driver) return {};
  TRY(unbind(address));
  const Status bound = write("bind " + address, fmt::format("sys/bus/pci/drivers/{}/bind", before.driver), address);
  if (driver_of(address) == before.driver) return {};
  const std::string hint = fmt::format("modprobe {}; aios-bench doctor --restore", before.driver);
  if (!bound.ok()) return Error(bound.error()).wrap(fmt::format("{} does not go back to {}", address, before.driver));
  return infra_fault(fmt::format("{} does not go back to {}", address, before.driver), {}, hint);
}

}  // namespace aios::passthrough
