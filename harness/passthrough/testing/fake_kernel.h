// SPDX-License-Identifier: Apache-2.0
// What a kernel does when somebody writes to its sysfs, played on a recorded tree: bind, unbind, override, reset.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/passthrough/testing/recorded_tree.h"

namespace aios::passthrough {

class FakeKernel {
 public:
  explicit FakeKernel(RecordedTree& tree) : tree_(tree) {}

  std::vector<std::string> written;                // "PATH TEXT", in order
  std::function<void(const std::string&)> before;  // is told each order before it is carried out
  std::string dead_after_reset;                    // address: reads as ones from then on
  std::string driver_refuses;                      // name: binds nothing any more

  std::string driver(const std::string& address) const {
    std::error_code none;
    return fs::read_symlink(device(address) / "driver", none).filename().string();
  }
  std::string override_of(const std::string& address) const {
    return std::string(trim(read_file(device(address) / "driver_override").value()));
  }

  Status write(const std::string& path, std::string_view text) {
    const std::string order(trim(text));
    written.push_back(path + " " + order);
    if (before) before(written.back());
    const fs::path file(path);
    const std::string name = file.filename().string(), above = file.parent_path().filename().string();
    if (name == "driver_override") tree_.write(path, order.empty() ? "(null)" : order);
    if (name == "reset" && above == dead_after_reset) kill(above);
    if (name == "unbind") fs::remove(device(order) / "driver");
    if (name == "drivers_probe") {
      const std::string wanted = override_of(order);
      bind(order, wanted == "(null)" ? "" : wanted);
    }
    if (name == "bind") {
      const std::string wanted = override_of(order);
      if (above == driver_refuses || (wanted != "(null)" && wanted != above)) {
        return infra_fault("the kernel refuses '" + order + "': No such device");
      }
      bind(order, above);
    }
    return {};
  }

 private:
  fs::path device(const std::string& address) const { return tree_.root() / "sys/bus/pci/devices" / address; }
  void bind(const std::string& address, const std::string& driver) {
    if (driver.empty() || fs::is_symlink(device(address) / "driver")) return;
    fs::create_symlink("../../../../bus/pci/drivers/" + driver, device(address) / "driver");
  }
  void kill(const std::string& address) { std::ofstream(device(address) / "config") << "\xff\xff\xff\xff"; }

  RecordedTree& tree_;
};

}  // namespace aios::passthrough
