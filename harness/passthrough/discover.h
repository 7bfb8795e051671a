// SPDX-License-Identifier: Apache-2.0
// Reads a host's PCI devices, its IOMMU and who uses what, from the tree below a root. Nothing is changed.
#pragma once

#include "harness/passthrough/pci_device.h"
#include "harness/passthrough/pci_names.h"
#include "harness/passthrough/sysfs_tree.h"

namespace aios::passthrough {

// `names` may be null: numbers only.
Inventory discover(const SysfsTree& tree, const PciNames* names);
// One device again, without users and names; nothing where it is gone.
std::optional<PciDevice> read_device(const SysfsTree& tree, const std::string& address);
// Who has one of these files below /dev open, as far as this user may see.
std::vector<DeviceUser> users_of(const SysfsTree& tree, const std::vector<std::string>& files, bool& saw_all);

}  // namespace aios::passthrough
