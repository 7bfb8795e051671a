// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/domain_devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aios::libvirt {
namespace {

// vda, vdb, ...; sda, sdb, ...: one row of names a bus. More than 26 of one bus nobody has asked for yet.
class TargetNames {
 public:
  std::string next(const std::string& bus) {
    int& used = bus == "virtio" ? virtio_ : scsi_;
    return fmt::format("{}{}", bus == "virtio" ? "vd" : "sd", static_cast<char>('a' + std::min(used++, 25)));
  }

 private:
  int virtio_ = 0, scsi_ = 0;
};

void drive_that_boots(XmlWriter& xml, const BootSpec& spec, const DomainPlace& place, TargetNames& names) {
  const auto write = [&](const char* device, const char* bus, const std::string& target) {
    xml.element("disk", {{"type", "file"}, {"device", device}}, [&] {
      xml.leaf("driver", {{"name", "qemu"}, {"type", "raw"}});
      xml.leaf("source", {{"file", place.image}});
      xml.leaf("target", {{"dev", target}, {"bus", bus}});
      if (std::string_view(device) == "cdrom") xml.leaf("readonly");
    });
  };
  if (spec.loader == Loader::disk) write("disk", "sata", names.next("sata"));
  if (spec.loader == Loader::cdrom) write("cdrom", "sata", names.next("sata"));
  if (spec.loader == Loader::floppy) write("floppy", "fdc", "fda");
}

void own_disks(XmlWriter& xml, const BootSpec& spec, const DomainPlace& place, TargetNames& names) {
  for (std::size_t i = 0; i < spec.disks.size() && i < place.disks.size(); ++i) {
    const std::string bus = spec.disks[i].bus == DiskBus::ide ? "sata" : "virtio";
    xml.element("disk", {{"type", "file"}, {"device", "disk"}}, [&] {
      xml.leaf("driver", {{"name", "qemu"}, {"type", "raw"}});
      xml.leaf("source", {{"file", place.disks[i]}});
      xml.leaf("target", {{"dev", names.next(bus)}, {"bus", bus}});
    });
  }
}

void file_disk(XmlWriter& xml, const LibvirtDisk& disk, TargetNames& names) {
  xml.element("disk", {{"type", disk.kind}, {"device", "disk"}}, [&] {
    xml.leaf("driver", {{"name", "qemu"}, {"type", disk.format}, {"cache", disk.cache}, {"io", disk.io}});
    const auto slash = disk.source.find('/');
    if (disk.kind == "volume") {
      xml.leaf("source", {{"pool", disk.source.substr(0, slash)}, {"volume", disk.source.substr(slash + 1)}});
    } else {
      xml.leaf("source", {{disk.kind == "block" ? "dev" : "file", disk.source}});
    }
    xml.leaf("target", {{"dev", names.next(disk.bus)}, {"bus", disk.bus}});
    if (disk.read_only) xml.leaf("readonly");
    if (!disk.read_only && !disk.keep_writes) xml.leaf("transient");
  });
}

void network(XmlWriter& xml, const LibvirtNetwork& network) {
  xml.element("interface", {{"type", network.kind}}, [&] {
    if (!network.mac.empty()) xml.leaf("mac", {{"address", network.mac}});
    if (network.kind == "network") xml.leaf("source", {{"network", network.source}});
    if (network.kind == "bridge") xml.leaf("source", {{"bridge", network.source}});
    if (network.kind == "direct") xml.leaf("source", {{"dev", network.source}, {"mode", "bridge"}});
    xml.leaf("model", {{"type", network.model}});
  });
}

// All functions of a device, each named by itself: libvirt takes them from their drivers and gives them back.
void passed_through(XmlWriter& xml, const std::string& address) {
  xml.element("hostdev", {{"mode", "subsystem"}, {"type", "pci"}, {"managed", "yes"}}, [&] {
    xml.element("source", {}, [&] {
      xml.leaf("address", {{"domain", "0x" + address.substr(0, 4)},
                           {"bus", "0x" + address.substr(5, 2)},
                           {"slot", "0x" + address.substr(8, 2)},
                           {"function", "0x" + address.substr(11, 1)}});
    });
  });
}

void consoles(XmlWriter& xml, const BootSpec& spec, const LibvirtSettings& settings, const DomainPlace& place) {
  if (is_exact(spec) && !place.console.empty()) {
    // In QEMU's words (domain_xml.cpp): a serial port that libvirt adds stands in another place in the ACPI tables, and
    // a kernel takes some 600,000 instructions more or fewer for it.
  } else if (place.console.empty()) {
    xml.element("serial", {{"type", "pty"}}, [&] { xml.leaf("target", {{"port", "0"}}); });
  } else {
    xml.element("serial", {{"type", "pipe"}}, [&] {
      xml.leaf("source", {{"path", place.console}});
      xml.leaf("target", {{"port", "0"}});
    });
  }
  const auto has = [&](std::string_view device) {
    return std::find(settings.virtio.begin(), settings.virtio.end(), device) != settings.virtio.end();
  };
  if (has("console")) {
    xml.element("console", {{"type", "pty"}}, [&] { xml.leaf("target", {{"type", "virtio"}, {"port", "1"}}); });
  }
  if (has("rng")) {
    xml.element("rng", {{"model", "virtio"}}, [&] { xml.leaf("backend", {{"model", "random"}}, "/dev/urandom"); });
  }
  xml.leaf("memballoon", {{"model", has("balloon") ? "virtio" : "none"}});
}

}  // namespace

bool is_exact(const BootSpec& spec) { return spec.machine.accelerator == "tcg-icount"; }

bool has_sata(const BootSpec& spec) {
  if (spec.loader == Loader::disk || spec.loader == Loader::cdrom) return true;
  if (std::any_of(spec.disks.begin(), spec.disks.end(), [](const auto& disk) { return disk.bus == DiskBus::ide; })) {
    return true;
  }
  if (!spec.machine.libvirt) return false;
  const auto& disks = spec.machine.libvirt->disks;
  return std::any_of(disks.begin(), disks.end(), [](const auto& disk) { return disk.bus == "sata"; });
}

void write_devices(XmlWriter& xml, const BootSpec& spec, const LibvirtSettings& settings, const DomainPlace& place) {
  if (!settings.emulator.empty()) xml.leaf("emulator", {}, settings.emulator);
  TargetNames names;
  drive_that_boots(xml, spec, place, names);
  own_disks(xml, spec, place, names);
  for (const LibvirtDisk& disk : settings.disks) file_disk(xml, disk, names);
  xml.leaf("controller", {{"type", "usb"}, {"index", "0"}, {"model", "none"}});
  for (const LibvirtNetwork& one : settings.networks) network(xml, one);
  consoles(xml, spec, settings, place);
  xml.element("video", {}, [&] { xml.leaf("model", {{"type", spec.screen ? "vga" : "none"}}); });
  for (const std::string& address : spec.machine.pass_through) passed_through(xml, address);
}

}  // namespace aios::libvirt
