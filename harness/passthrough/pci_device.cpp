// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/pci_device.h"

#include <algorithm>
#include <cctype>

namespace aios::passthrough {

const PciDevice* Inventory::find(const std::string& address) const {
  const auto at = std::find_if(devices.begin(), devices.end(), [&](const auto& d) { return d.address == address; });
  return at == devices.end() ? nullptr : &*at;
}

std::vector<const PciDevice*> Inventory::group(const PciDevice& device) const {
  std::vector<const PciDevice*> others;
  if (!device.iommu_group) return others;
  for (const auto& other : devices) {
    if (other.iommu_group == device.iommu_group && other.address != device.address) others.push_back(&other);
  }
  return others;
}

std::optional<std::string> parse_pci_address(const std::string& text) {
  std::string full = text.size() == 7 ? "0000:" + text : text;
  constexpr const char* kForm = "xxxx:xx:xx.o";
  if (full.size() != 12) return std::nullopt;
  for (std::size_t i = 0; i < full.size(); ++i) {
    const auto c = static_cast<unsigned char>(full[i]);
    if (kForm[i] == 'x' ? std::isxdigit(c) == 0 : kForm[i] == 'o' ? (c < '0' || c > '7') : full[i] != kForm[i]) {
      return std::nullopt;
    }
    full[i] = static_cast<char>(std::tolower(c));
  }
  return full;
}

}  // namespace aios::passthrough
