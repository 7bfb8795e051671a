// SPDX-License-Identifier: Apache-2.0
// The audit of a machine that calls itself exact: a device that completes on the host's time makes it `counted`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/machine/qemu/command_line.h"

namespace aios::qemu {
namespace {

// By the beginning of QEMU's device names. Controllers without anything on them are quiet.
constexpr std::array<std::string_view, 24> kOnHostTime{
    "virtio-blk",    "virtio-scsi", "virtio-net",     "virtio-9p", "virtio-rng", "virtio-balloon",
    "virtio-serial", "virtconsole", "virtserialport", "vhost",     "vfio",       "ide-hd",
    "ide-cd",        "scsi-hd",     "scsi-cd",        "scsi-disk", "nvme",       "floppy",
    "e1000",         "rtl8139",     "usb-storage",    "usb-net",   "edu",        "ivshmem"};

bool on_host_time(std::string_view device) {
  return std::any_of(kOnHostTime.begin(), kOnHostTime.end(), [&](auto name) { return device.starts_with(name); });
}

}  // namespace

std::vector<std::string> not_exact_because(const BootSpec& spec) {
  std::vector<std::string> reasons;
  const auto& machine = spec.machine;
  if (machine.accelerator != "tcg-icount") reasons.push_back(fmt::format("accelerator {}", machine.accelerator));
  if (machine.cpus != 1) reasons.push_back(fmt::format("{} processors", machine.cpus));
  if (spec.interactive) reasons.push_back("console input");
  if (spec.loader == Loader::disk || spec.loader == Loader::cdrom || spec.loader == Loader::floppy) {
    reasons.push_back("it boots from a drive");
  }
  for (const auto& disk : spec.disks) reasons.push_back(fmt::format("disk {}", disk.path.filename().string()));
  for (const auto& device : spec.devices) {
    if (on_host_time(device)) reasons.push_back(fmt::format("device {}", device.substr(0, device.find(','))));
  }
  for (const auto& address : machine.pass_through) reasons.push_back(fmt::format("device {} of the host", address));
  if (!spec.back_end_words.empty()) reasons.push_back("words of the user's own on QEMU's command line");
  return reasons;
}

Fidelity fidelity_of(const BootSpec& spec) {
  if (spec.machine.accelerator == "kvm") return Fidelity::timed;
  if (spec.machine.accelerator == "tcg") return Fidelity::bounded;
  return not_exact_because(spec).empty() ? Fidelity::exact : Fidelity::counted;
}

std::vector<std::string> devices_on_host_time(const std::vector<std::string>& devices) {
  std::vector<std::string> found;
  for (const auto& device : devices) {
    if (on_host_time(device)) found.push_back(device);
  }
  return found;
}

std::vector<std::string> device_names(std::string_view tree) {
  constexpr std::string_view kDevice = "dev: ";
  std::set<std::string> names;
  for (auto at = tree.find(kDevice); at != std::string_view::npos; at = tree.find(kDevice, at + 1)) {
    const auto name = tree.substr(at + kDevice.size(), 64);
    names.insert(std::string(name.substr(0, name.find_first_of(",\r\n"))));
  }
  return {names.begin(), names.end()};
}

bool refuses_image(std::string_view words) {
  constexpr std::array<std::string_view, 7> kAboutImages{"kernel",   "ELF",  "image",   "initrd",
                                                         "ultiboot", "bios", "firmware"};
  return std::any_of(kAboutImages.begin(), kAboutImages.end(),
                     [&](auto word) { return words.find(word) != std::string_view::npos; });
}

}  // namespace aios::qemu
