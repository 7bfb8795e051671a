// SPDX-License-Identifier: Apache-2.0
// What stands in the way of passing a device through, and for each thing the command that clears it. A pure function of
// what was discovered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/passthrough/pci_device.h"

namespace aios::passthrough {

enum class ObstacleKind {
  iommu_off,
  no_vfio_module,
  group_shared,
  display,  // the firmware's or the kernel's console draws on it
  in_use,   // a program has it open
  no_reset,
  no_interrupt_remapping,
  virtual_functions,  // of its own are in use
};

std::string_view to_string(ObstacleKind kind);

struct Obstacle {
  ObstacleKind kind = ObstacleKind::iommu_off;
  bool blocks = true;   // false: it works, with a doubt
  std::string what;     // one sentence
  std::string command;  // what a person types
};

// `also`: addresses that are passed through with it, and so share no group with it against its will.
std::vector<Obstacle> obstacles(const Inventory& host, const PciDevice& device,
                                const std::vector<std::string>& also = {});

// The device and what goes with it: the other functions of its slot that are in its group, by address.
std::vector<const PciDevice*> goes_together(const Inventory& host, const PciDevice& device);

}  // namespace aios::passthrough
