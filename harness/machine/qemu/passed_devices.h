// SPDX-License-Identifier: Apache-2.0
// The host's own PCI devices that a guest gets: how they stand on QEMU's command line, and who has them meanwhile. They
// are taken once a run, reset between its boots, and go back to their drivers when the run is over.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/machine/machine.h"

namespace aios::passthrough {
class Lending;
}

namespace aios::qemu {

// Each card behind a port of its own, its functions side by side as they are in the host.
std::vector<std::string> passed_device_words(const std::vector<std::string>& addresses);

class PassedDevices {
 public:
  static Result<std::shared_ptr<PassedDevices>> take(const MachineSpec& machine, const MachineEnvironment& environment);
  ~PassedDevices();

  const std::vector<std::string>& addresses() const;
  // After a guest: "reset ADDRESS" and how long it took; what did not come back is said in `notes`.
  std::vector<std::pair<std::string, Duration>> reset(std::vector<std::string>& notes);

 private:
  explicit PassedDevices(passthrough::Lending lending);
  std::unique_ptr<passthrough::Lending> lending_;
  std::string lost_;  // a device that did not come back
};

}  // namespace aios::qemu
