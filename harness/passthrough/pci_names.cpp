// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/pci_names.h"

extern "C" {
#include <pci/pci.h>
}

#include <stdexcept>

namespace aios::passthrough {
namespace {

// libpci's own error function ends the program; one that returns is not allowed. libpci holds nothing but memory then.
// The attribute as libpci spells it: for clang it is part of the pointer's type.
__attribute__((noreturn)) void names_unreadable(char* /*format*/, ...) {
  throw std::runtime_error("the PCI ID database is damaged");
}

void say_nothing(char* /*format*/, ...) {}

std::string looked_up(pci_access* access, int what, unsigned first, unsigned second) {
  char name[256] = {};
  try {
    // Where udev's database is missing, libpci loses memory at each name it asks for there; pci.ids has the same names.
    constexpr int kFromFile = PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB;
    const char* found = ::pci_lookup_name(access, name, sizeof name, what | kFromFile, first, second);
    return found == nullptr ? std::string() : std::string(found);
  } catch (const std::runtime_error&) {
    return {};
  }
}

}  // namespace

// Not pci_init: it looks for a bus of its own, and ends the program where there is none.
PciNames::PciNames() : access_(::pci_alloc()) {
  access_->error = names_unreadable;
  access_->warning = say_nothing;
  access_->debug = say_nothing;
}

PciNames::~PciNames() {
  ::pci_free_name_list(access_);
  ::pci_cleanup(access_);
}

std::string PciNames::vendor(unsigned vendor) const { return looked_up(access_, PCI_LOOKUP_VENDOR, vendor, 0); }

std::string PciNames::device(unsigned vendor, unsigned device) const {
  return looked_up(access_, PCI_LOOKUP_DEVICE, vendor, device);
}

std::string PciNames::device_class(unsigned class_code) const {
  return looked_up(access_, PCI_LOOKUP_CLASS, class_code >> 8, 0);
}

}  // namespace aios::passthrough
