// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/obstacles.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/support/text.h"

namespace aios::passthrough {
namespace {

std::string called(const PciDevice& device) {
  const auto& kind = device.class_name.empty() ? device.device_name : device.class_name;
  std::string words = device.address;
  if (!kind.empty()) words += " " + kind;
  return fmt::format("{} ({})", words, device.driver);
}

// What vfio accepts beside a device that it drives: nothing, itself, a stub.
bool harmless_driver(const std::string& driver) {
  return driver.empty() || driver == "vfio-pci" || driver == "pci-stub";
}

Obstacle iommu_off(const Inventory& host) {
  // AMD's is on where the firmware has it.
  const std::string word = host.amd_processor ? "amd_iommu=on iommu=pt" : "intel_iommu=on iommu=pt";
  return {ObstacleKind::iommu_off, true,
          fmt::format("no IOMMU is in use: {} is off in the firmware, or the kernel was not told",
                      host.amd_processor ? "AMD-Vi" : "VT-d"),
          fmt::format("sed -i 's/^GRUB_CMDLINE_LINUX=\"/&{} /' /etc/default/grub && update-grub && reboot", word)};
}

void add_group(std::vector<Obstacle>& found, const Inventory& host, const PciDevice& device,
               const std::vector<std::string>& also) {
  std::vector<std::string> who;
  std::string command;
  for (const auto* other : host.group(device)) {
    if (other->slot() == device.slot() || other->is_bridge() || harmless_driver(other->driver)) continue;
    if (std::find(also.begin(), also.end(), other->address) != also.end()) continue;
    who.push_back(called(*other));
    command += fmt::format("{}echo {} > /sys/bus/pci/devices/{}/driver/unbind", command.empty() ? "" : "; ",
                           other->address, other->address);
  }
  if (who.empty()) return;
  found.push_back({ObstacleKind::group_shared, true,
                   fmt::format("IOMMU group {} is shared with {}: they go together or not at all", *device.iommu_group,
                               join(who, ", ")),
                   command});
}

void add_use(std::vector<Obstacle>& found, const PciDevice& device) {
  if (device.framebuffer && !device.driver.empty() && device.driver != "vfio-pci") {
    found.push_back(
        {ObstacleKind::display, true,
         fmt::format("the kernel's console draws on it{}", device.boot_display ? ", it is the boot display" : ""),
         "for c in /sys/class/vtconsole/vtcon*; do grep -q 'frame buffer' $c/name && echo 0 > $c/bind; done"});
  } else if (device.boot_display && device.driver != "vfio-pci") {
    found.push_back(
        {ObstacleKind::display, false,
         "it is the display that the firmware started on: its option ROM has run, and a reset may not undo that",
         "choose another adapter as the primary display in the firmware's set-up"});
  }
  if (device.users.empty()) return;
  std::vector<std::string> who, pids;
  for (const auto& user : device.users) {
    if (who.size() < 5) who.push_back(fmt::format("{} (pid {}, /dev/{})", user.program, user.pid, user.file));
    const auto pid = std::to_string(user.pid);
    if (std::find(pids.begin(), pids.end(), pid) == pids.end()) pids.push_back(pid);
  }
  if (device.users.size() > who.size()) who.push_back(fmt::format("{} more", device.users.size() - who.size()));
  // A display server comes back when it is killed: it is stopped with what starts it.
  const bool display_server = device.boot_display || device.framebuffer;
  found.push_back({ObstacleKind::in_use, true, fmt::format("in use by {}", join(who, ", ")),
                   (display_server ? "systemctl isolate multi-user.target; kill " : "kill ") + join(pids, " ")});
}

}  // namespace

std::string_view to_string(ObstacleKind kind) {
  switch (kind) {
    case ObstacleKind::iommu_off:
      return "iommu_off";
    case ObstacleKind::no_vfio_module:
      return "no_vfio_module";
    case ObstacleKind::group_shared:
      return "group_shared";
    case ObstacleKind::display:
      return "display";
    case ObstacleKind::in_use:
      return "in_use";
    case ObstacleKind::no_reset:
      return "no_reset";
    case ObstacleKind::no_interrupt_remapping:
      return "no_interrupt_remapping";
    case ObstacleKind::virtual_functions:
      return "virtual_functions";
  }
  return "";
}

std::vector<const PciDevice*> goes_together(const Inventory& host, const PciDevice& device) {
  std::vector<const PciDevice*> all;
  for (const auto& other : host.devices) {
    const bool same_group = device.iommu_group && other.iommu_group == device.iommu_group;
    if (other.address == device.address || (same_group && other.slot() == device.slot() && !other.is_bridge())) {
      all.push_back(&other);
    }
  }
  return all;
}

std::vector<Obstacle> obstacles(const Inventory& host, const PciDevice& device, const std::vector<std::string>& also) {
  std::vector<Obstacle> found;
  if (!host.iommu || !device.iommu_group) found.push_back(iommu_off(host));
  if (host.vfio == VfioModule::missing) {
    found.push_back(
        {ObstacleKind::no_vfio_module, true,
         fmt::format("the kernel {} has no module vfio-pci", host.kernel.empty() ? "that runs" : host.kernel),
         "build it with CONFIG_VFIO_PCI=m, or boot the distribution's kernel: apt-get install linux-image-amd64"});
  }
  add_group(found, host, device, also);
  add_use(found, device);
  if (device.virtual_functions > 0) {
    found.push_back({ObstacleKind::virtual_functions, true,
                     fmt::format("{} virtual functions of it are in use", device.virtual_functions),
                     fmt::format("echo 0 > /sys/bus/pci/devices/{}/sriov_numvfs", device.address)});
  }
  if (host.iommu && host.interrupt_remapping == Known::no && !host.unsafe_interrupts) {
    found.push_back({ObstacleKind::no_interrupt_remapping, true,
                     "interrupts are not remapped: a guest could raise any interrupt of the host, and vfio refuses",
                     "switch on x2APIC and interrupt remapping in the firmware; or, where every guest is trusted: "
                     "echo Y > /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"});
  }
  if (!device.resettable) {
    found.push_back(
        {ObstacleKind::no_reset, false,
         "it has no way of being reset: what a guest leaves in it, the next one finds; only a power cycle clears it",
         ""});
  }
  return found;
}

}  // namespace aios::passthrough
