// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/model/machine_settings.h"
#include "harness/support/text.h"

namespace aios {

std::map<std::string, std::string> libvirt_settings_words(const LibvirtSettings& settings) {
  std::map<std::string, std::string> out;
  const auto keep = [&](const char* name, const std::string& value) {
    if (!value.empty()) out[std::string("libvirt ") + name] = value;
  };
  keep("uri", settings.uri);
  keep("pool", settings.pool);
  keep("emulator", settings.emulator);
  for (const auto& [processor, host] : settings.pins) keep(fmt::format("pin {}", processor).c_str(), host);
  keep("emulator pin", settings.emulator_pin);
  for (std::size_t i = 0; i < settings.numa.size(); ++i) {
    const NumaNode& node = settings.numa[i];
    keep(fmt::format("numa {}", i).c_str(),
         fmt::format("cpus {}, {} MiB{}{}", node.cpus, node.memory_mb, node.host_nodes.empty() ? "" : ", on host node ",
                     node.host_nodes));
  }
  keep("hugepages", settings.hugepages);
  keep("lock memory", settings.lock_memory ? "yes" : "");
  keep("virtio", join(settings.virtio, ", "));
  for (std::size_t i = 0; i < settings.disks.size(); ++i) {
    const LibvirtDisk& disk = settings.disks[i];
    keep(fmt::format("disk {}", i).c_str(), fmt::format("{} {} on {}", disk.kind, disk.source, disk.bus));
  }
  for (std::size_t i = 0; i < settings.networks.size(); ++i) {
    const LibvirtNetwork& network = settings.networks[i];
    keep(fmt::format("network {}", i).c_str(), fmt::format("{} {} {}", network.kind, network.source, network.model));
  }
  return out;
}

}  // namespace aios
