// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/passed_devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/machine/holds.h"
#include "harness/passthrough/lending.h"
#include "harness/support/text.h"

namespace aios::qemu {

std::vector<std::string> passed_device_words(const std::vector<std::string>& addresses) {
  std::map<std::string, std::vector<char>> slots;  // their functions
  for (const auto& address : addresses) slots[address.substr(0, address.rfind('.'))].push_back(address.back());
  std::vector<std::string> words;
  int port = 0;
  const auto add = [&](const std::string& word) { words.insert(words.end(), {"-device", word}); };
  const auto add_port = [&] {
    ++port;
    add(fmt::format("pcie-root-port,id=passed{},chassis={}", port, port));
  };
  for (auto& [slot, functions] : slots) {
    std::sort(functions.begin(), functions.end());
    // A card without its function 0 would not be found behind its port.
    const bool whole = functions.front() == '0';
    for (const char function : functions) {
      if (!whole || function == '0') add_port();
      std::string word = fmt::format("vfio-pci,host={}.{},bus=passed{}", slot, function, port);
      if (whole) word += fmt::format(",addr=0x0.{}", function);
      if (function == '0' && functions.size() > 1) word += ",multifunction=on";
      add(word);
    }
  }
  return words;
}

PassedDevices::PassedDevices(passthrough::Lending lending)
    : lending_(std::make_unique<passthrough::Lending>(std::move(lending))) {}
PassedDevices::~PassedDevices() = default;

Result<std::shared_ptr<PassedDevices>> PassedDevices::take(const MachineSpec& machine,
                                                           const MachineEnvironment& environment) {
  const auto take_now = [&]() -> Result<std::shared_ptr<PassedDevices>> {
    passthrough::LendingEnvironment lending;
    lending.places = passthrough::lending_places();
    lending.clock = environment.clock;
    return std::shared_ptr<PassedDevices>(
        new PassedDevices(TRY(passthrough::Lending::take(lending, machine.pass_through))));
  };
  if (environment.holds == nullptr) return take_now();
  auto& kept = environment.holds->kept["passed " + join(machine.pass_through, ",")];
  if (!kept) kept = TRY(take_now());
  auto devices = std::static_pointer_cast<PassedDevices>(kept);
  if (devices->lost_.empty()) return devices;
  return infra_fault(fmt::format("{} did not come back from its reset", devices->lost_), machine.name,
                     "power-cycle the host; aios-bench gpus says how it is");
}

const std::vector<std::string>& PassedDevices::addresses() const { return lending_->devices(); }

std::vector<std::pair<std::string, Duration>> PassedDevices::reset(std::vector<std::string>& notes) {
  std::vector<std::pair<std::string, Duration>> parts;
  for (const auto& outcome : lending_->reset()) {
    const auto took = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(outcome.seconds));
    parts.emplace_back("reset " + outcome.address, took);
    if (outcome.came_back) continue;
    lost_ = outcome.address;
    notes.push_back(fmt::format("{} did not come back from its reset, and is in quarantine", outcome.address));
  }
  return parts;
}

}  // namespace aios::qemu
