// SPDX-License-Identifier: Apache-2.0
// What the numbers of a PCI device are called, from the PCI ID database that libpci reads. Without one, or where a
// number is not in it, names are empty.
#pragma once

#include <memory>
#include <string>

struct pci_access;

namespace aios::passthrough {

class PciNames {
 public:
  PciNames();
  ~PciNames();
  PciNames(const PciNames&) = delete;
  PciNames& operator=(const PciNames&) = delete;

  std::string vendor(unsigned vendor) const;
  std::string device(unsigned vendor, unsigned device) const;
  std::string device_class(unsigned class_code) const;  // "VGA compatible controller"

 private:
  pci_access* access_;
};

}  // namespace aios::passthrough
