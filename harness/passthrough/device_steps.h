// SPDX-License-Identifier: Apache-2.0
// The single steps between a driver and vfio-pci, each written to the journal before it is taken, each safe to repeat.
#pragma once

#include "harness/passthrough/lending.h"

namespace aios::passthrough {

class DeviceSteps {
 public:
  DeviceSteps(const LendingEnvironment& environment, const SysfsTree& tree, BindingJournal& journal)
      : environment_(environment), tree_(tree), journal_(journal) {}

  Status to_vfio(const std::string& address);
  // Resets it where that is possible, and says how long that took.
  std::optional<ResetOutcome> reset(const std::string& address);
  bool answers(const std::string& address) const;
  // Waits a while for whoever has it open; then to `before`. A device that is `dead` stays without a driver.
  Status to_before(const DeviceBefore& before, bool dead);

 private:
  Status write(std::string_view step, const std::string& path, std::string_view text);
  std::string driver_of(const std::string& address) const;
  Status unbind(const std::string& address);

  const LendingEnvironment& environment_;
  const SysfsTree& tree_;
  BindingJournal& journal_;
};

}  // namespace aios::passthrough
