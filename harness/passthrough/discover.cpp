// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/discover.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <set>

#include "harness/support/text.h"

namespace aios::passthrough {
namespace {

constexpr const char* kBus = "sys/bus/pci/devices";
constexpr std::size_t kMostDevices = 4096, kMostProcesses = 65536, kMostFiles = 4096;
constexpr std::uint64_t kIoFlag = 0x100, kMemoryFlag = 0x200, kPrefetchFlag = 0x2000, kWideFlag = 0x100000;

std::string at(const std::string& address, std::string_view attribute) {
  return fmt::format("{}/{}/{}", kBus, address, attribute);
}

unsigned id(const SysfsTree& tree, const std::string& address, std::string_view attribute) {
  return static_cast<unsigned>(tree.number(at(address, attribute)).value_or(0)) & 0xffffff;
}

int small(const SysfsTree& tree, const std::string& path, int fallback = 0) {
  const auto value = tree.number(path);
  return value && *value >= -1 && *value <= 65536 ? static_cast<int>(*value) : fallback;
}

std::optional<std::uint64_t> hexadecimal(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<Bar> read_bars(const std::string& resource) {
  std::vector<Bar> bars;
  const auto lines = split(resource, '\n');
  for (std::size_t i = 0; i < lines.size() && i < 7; ++i) {
    const auto words = split_words(lines[i]);
    if (words.size() != 3) continue;
    const auto first = hexadecimal(words[0]), last = hexadecimal(words[1]), flags = hexadecimal(words[2]);
    if (!first || !last || !flags || *last <= *first || (*flags & (kIoFlag | kMemoryFlag)) == 0) continue;
    bars.push_back({static_cast<int>(i), *last - *first + 1, (*flags & kMemoryFlag) != 0, (*flags & kPrefetchFlag) != 0,
                    (*flags & kWideFlag) != 0});
  }
  return bars;
}

std::vector<MediatedType> read_mediated(const SysfsTree& tree, const std::string& address) {
  std::vector<MediatedType> types;
  const std::string folder = at(address, "mdev_supported_types");
  for (const auto& type : tree.names(folder, 256)) {
    const std::string below = fmt::format("{}/{}", folder, type);
    types.push_back({type, tree.text(below + "/name", 256).value_or(""), small(tree, below + "/available_instances")});
  }
  return types;
}

// Device files that a program which uses the device has open.
std::vector<std::string> device_files(const SysfsTree& tree, const PciDevice& device) {
  std::vector<std::string> files;
  for (const auto& [folder, prefix] :
       {std::pair{"drm", "dri/"}, {"graphics", ""}, {"accel", "accel/"}, {"sound", "snd/"}}) {
    for (const auto& name : tree.names(at(device.address, folder), 64)) {
      if (std::string_view(folder) == "drm" && !name.starts_with("card") && !name.starts_with("render")) continue;
      if (name.find('-') == std::string::npos) files.push_back(prefix + name);  // card0-DP-1 is a connector
    }
  }
  // NVIDIA's driver numbers its files by itself.
  const auto about = tree.text(fmt::format("proc/driver/nvidia/gpus/{}/information", device.address));
  for (const auto& line : split(about.value_or(""), '\n')) {
    if (!line.starts_with("Device Minor:")) continue;
    const auto minor = std::string(trim(std::string_view(line).substr(13)));
    if (!minor.empty() && std::all_of(minor.begin(), minor.end(), [](unsigned char c) { return std::isdigit(c); }))
      files.push_back("nvidia" + minor);
  }
  if (device.driver == "vfio-pci" && device.iommu_group) files.push_back(fmt::format("vfio/{}", *device.iommu_group));
  return files;
}

Known remaps_interrupts(const SysfsTree& tree) {
  // The names of the interrupt chips say it: IR-PCI-MSI against PCI-MSI.
  const auto interrupts = tree.text("proc/interrupts", 1U << 20);
  if (!interrupts) return Known::unknown;
  if (interrupts->find(" IR-") != std::string::npos) return Known::yes;
  return interrupts->find("PCI-MSI") != std::string::npos || interrupts->find("IO-APIC") != std::string::npos
             ? Known::no
             : Known::unknown;
}

VfioModule find_vfio(const SysfsTree& tree, const std::string& kernel) {
  if (tree.exists("sys/bus/pci/drivers/vfio-pci")) return VfioModule::there;
  const std::string folder = "lib/modules/" + kernel;
  constexpr std::size_t kTable = 4U << 20;
  if (is_plain_name(kernel)) {
    for (const char* table : {"modules.dep", "modules.builtin"}) {
      const auto text = tree.text(folder + "/" + table, kTable);
      if (text && text->find("/vfio-pci.ko") != std::string::npos) return VfioModule::loadable;
    }
    if (tree.exists(folder + "/kernel/drivers/vfio/pci/vfio-pci.ko")) return VfioModule::loadable;
  }
  return VfioModule::missing;
}

}  // namespace

std::optional<PciDevice> read_device(const SysfsTree& tree, const std::string& address) {
  const auto vendor = tree.number(at(address, "vendor"));
  if (!vendor) return std::nullopt;
  PciDevice device;
  device.address = address;
  device.vendor = static_cast<unsigned>(*vendor) & 0xffff;
  device.device = id(tree, address, "device") & 0xffff;
  device.subsystem_vendor = id(tree, address, "subsystem_vendor") & 0xffff;
  device.subsystem_device = id(tree, address, "subsystem_device") & 0xffff;
  device.class_code = id(tree, address, "class");
  device.driver = tree.link_name(at(address, "driver")).value_or("");
  const auto wanted = tree.text(at(address, "driver_override"), 256).value_or("");
  if (is_plain_name(wanted)) device.driver_override = wanted;  // "(null)" is none
  if (const auto group = tree.link_name(at(address, "iommu_group"))) {
    int number = 0;
    const auto [end, code] = std::from_chars(group->data(), group->data() + group->size(), number);
    if (code == std::errc() && end == group->data() + group->size() && number >= 0) device.iommu_group = number;
  }
  if (const int node = small(tree, at(address, "numa_node"), -1); node >= 0) device.numa_node = node;
  device.boot_display = tree.number(at(address, "boot_vga")) == 1;
  device.framebuffer = !tree.names(at(address, "graphics"), 8).empty();
  device.resettable = tree.exists(at(address, "reset"));
  for (auto& method : split_words(tree.text(at(address, "reset_method"), 256).value_or(""))) {
    if (is_plain_name(method) && device.reset_methods.size() < 8) device.reset_methods.push_back(std::move(method));
  }
  device.bars = read_bars(tree.text(at(address, "resource"), 8192).value_or(""));
  device.virtual_functions = std::max(0, small(tree, at(address, "sriov_numvfs")));
  device.virtual_functions_most = std::max(0, small(tree, at(address, "sriov_totalvfs")));
  device.physical_function = tree.link_name(at(address, "physfn")).value_or("");
  device.mediated = read_mediated(tree, address);
  device.files = device_files(tree, device);
  return device;
}

std::vector<DeviceUser> users_of(const SysfsTree& tree, const std::vector<std::string>& files, bool& saw_all) {
  std::vector<DeviceUser> users;
  const std::set<std::string> wanted(files.begin(), files.end());
  if (wanted.empty()) return users;
  for (const auto& process : tree.names("proc", kMostProcesses)) {
    if (!std::all_of(process.begin(), process.end(), [](unsigned char c) { return std::isdigit(c); })) continue;
    if (process.size() > 9) continue;
    const std::string folder = "proc/" + process;
    const auto open = tree.names(folder + "/fd", kMostFiles);
    // A process always has files, unless it is the kernel's own or not ours to look at.
    if (open.empty() && tree.exists(folder + "/exe") && tree.link_target(folder + "/exe") == std::nullopt &&
        !tree.text(folder + "/cmdline", 8).value_or("").empty()) {
      saw_all = false;
    }
    std::set<std::string> seen;
    for (const auto& number : open) {
      const auto target = tree.link_target(fmt::format("{}/fd/{}", folder, number));
      if (!target || !target->starts_with("/dev/")) continue;
      const std::string file = target->substr(5);
      if (!wanted.contains(file) || !seen.insert(file).second) continue;
      users.push_back({std::stoi(process), printable(tree.text(folder + "/comm", 64).value_or("?")), file});
      if (users.size() >= 256) return users;
    }
  }
  return users;
}

Inventory discover(const SysfsTree& tree, const PciNames* names) {
  Inventory host;
  host.kernel = tree.text("proc/sys/kernel/osrelease", 256).value_or("");
  const auto units = tree.names("sys/class/iommu", 256);
  host.iommu = !units.empty();
  if (host.iommu) host.iommu_kind = units.front().substr(0, units.front().find_first_of("0123456789"));
  host.interrupt_remapping = remaps_interrupts(tree);
  const auto unsafe = tree.text("sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", 8);
  host.unsafe_interrupts = unsafe == "Y";
  host.vfio = find_vfio(tree, host.kernel);
  host.amd_processor = tree.text("proc/cpuinfo", 4096).value_or("").find("AuthenticAMD") != std::string::npos;

  std::vector<std::string> files;
  for (const auto& name : tree.names(kBus, kMostDevices)) {
    const auto address = parse_pci_address(name);
    if (!address || *address != name) continue;
    auto device = read_device(tree, *address);
    if (!device) continue;
    if (names != nullptr) {
      device->vendor_name = names->vendor(device->vendor);
      device->device_name = names->device(device->vendor, device->device);
      device->class_name = names->device_class(device->class_code);
    }
    if (device->is_accelerator()) files.insert(files.end(), device->files.begin(), device->files.end());
    host.devices.push_back(std::move(*device));
  }
  bool saw_all = true;
  const auto users = users_of(tree, files, saw_all);
  for (auto& device : host.devices) {
    if (!device.is_accelerator()) continue;
    for (const auto& user : users) {
      if (std::count(device.files.begin(), device.files.end(), user.file) != 0) device.users.push_back(user);
    }
  }
  if (!saw_all) host.doubts.push_back("the open files of other users' processes cannot be seen: run it as root");
  return host;
}

}  // namespace aios::passthrough
