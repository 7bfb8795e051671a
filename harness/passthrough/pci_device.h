// SPDX-License-Identifier: Apache-2.0
// A PCI device as the host shows it, and a host's devices together: values that a recorded tree gives as well as a real
// one. What stands in the way of passing a device through is read off them (obstacles.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aios::passthrough {

struct Bar {
  int index = 0;  // 6: the option ROM
  std::uint64_t size = 0;
  bool memory = true, prefetchable = false, wide = false;
};

struct MediatedType {
  std::string type, name;
  int available = 0;
};

// A process that has a device file of it open.
struct DeviceUser {
  int pid = 0;
  std::string program, file;
};

struct PciDevice {
  std::string address;  // "0000:01:00.0"
  unsigned vendor = 0, device = 0, subsystem_vendor = 0, subsystem_device = 0;
  unsigned class_code = 0;  // 0x030000
  std::string vendor_name, device_name, class_name;
  std::string driver;           // empty: none
  std::string driver_override;  // empty: none
  std::optional<int> iommu_group, numa_node;
  bool boot_display = false;  // what the firmware draws on
  bool framebuffer = false;   // the kernel's console draws on it
  bool resettable = false;
  std::vector<std::string> reset_methods;
  std::vector<Bar> bars;
  int virtual_functions = 0, virtual_functions_most = 0;
  std::string physical_function;  // of a virtual function
  std::vector<MediatedType> mediated;
  std::vector<std::string> files;  // below /dev: "dri/card0", "nvidia0"
  std::vector<DeviceUser> users;

  std::string slot() const { return address.substr(0, address.rfind('.')); }
  int function() const { return address.empty() ? 0 : address.back() - '0'; }
  unsigned base_class() const { return class_code >> 16; }
  bool is_bridge() const { return base_class() == 0x06; }
  // Display controllers (VGA, 3D and others) and processing accelerators.
  bool is_accelerator() const { return base_class() == 0x03 || base_class() == 0x12; }
};

enum class Known { no, yes, unknown };
enum class VfioModule { there, loadable, missing };

struct Inventory {
  std::vector<PciDevice> devices;  // all of the bus, by address
  bool iommu = false;
  std::string iommu_kind;  // "dmar", "ivhd"
  Known interrupt_remapping = Known::unknown;
  bool unsafe_interrupts = false;  // vfio is told to go without
  VfioModule vfio = VfioModule::missing;
  std::string kernel;  // its release
  bool amd_processor = false;
  std::vector<std::string> doubts;  // what could not be looked at

  const PciDevice* find(const std::string& address) const;
  std::vector<const PciDevice*> group(const PciDevice& device) const;  // who else is in its group
};

// "0000:01:00.0" in lower case; from "01:00.0", too. Nothing where it is none.
std::optional<std::string> parse_pci_address(const std::string& text);

}  // namespace aios::passthrough
