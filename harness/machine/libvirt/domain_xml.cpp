// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/domain_xml.h"

#include <fmt/format.h>

#include "harness/machine/kernel_words.h"
#include "harness/machine/libvirt/domain_devices.h"
#include "harness/machine/libvirt/xml_writer.h"
#include "harness/support/text.h"

namespace aios::libvirt {
namespace {

const LibvirtSettings& settings_of(const BootSpec& spec) {
  static const LibvirtSettings none;
  return spec.machine.libvirt ? *spec.machine.libvirt : none;
}

// A text with QEMU's own options ("EPYC-v1,-rdrand,enforce") is for QEMU; a name is for libvirt.
bool is_qemu_cpu(const std::string& model) { return model.find(',') != std::string::npos; }

void memory(XmlWriter& xml, const BootSpec& spec) {
  const LibvirtSettings& settings = settings_of(spec);
  xml.leaf("memory", {{"unit", "MiB"}}, std::to_string(spec.machine.memory_mb));
  if (!settings.hugepages.empty() || settings.lock_memory) {
    xml.element("memoryBacking", {}, [&] {
      if (!settings.hugepages.empty()) {
        xml.element("hugepages", {}, [&] {
          xml.leaf("page", {{"size", settings.hugepages.substr(0, 1)}, {"unit", settings.hugepages.substr(1)}});
        });
      }
      if (settings.lock_memory) xml.leaf("locked");
    });
  }
  xml.leaf("vcpu", {{"placement", "static"}}, std::to_string(spec.machine.cpus));
  if (!settings.pins.empty() || !settings.emulator_pin.empty()) {
    xml.element("cputune", {}, [&] {
      for (const auto& [processor, host] : settings.pins) {
        xml.leaf("vcpupin", {{"vcpu", std::to_string(processor)}, {"cpuset", host}});
      }
      if (!settings.emulator_pin.empty()) xml.leaf("emulatorpin", {{"cpuset", settings.emulator_pin}});
    });
  }
  bool bound = false;
  for (const NumaNode& node : settings.numa) bound = bound || !node.host_nodes.empty();
  if (!bound) return;
  xml.element("numatune", {}, [&] {
    for (std::size_t i = 0; i < settings.numa.size(); ++i) {
      if (settings.numa[i].host_nodes.empty()) continue;
      xml.leaf("memnode",
               {{"cellid", std::to_string(i)}, {"mode", "strict"}, {"nodeset", settings.numa[i].host_nodes}});
    }
  });
}

void boot_order(XmlWriter& xml, const BootSpec& spec) {
  if (spec.loader == Loader::disk) xml.leaf("boot", {{"dev", "hd"}});
  if (spec.loader == Loader::cdrom) xml.leaf("boot", {{"dev", "cdrom"}});
  if (spec.loader == Loader::floppy) xml.leaf("boot", {{"dev", "fd"}});
}

void loading(XmlWriter& xml, const BootSpec& spec, const DomainPlace& place) {
  xml.element("os", {}, [&] {
    xml.leaf("type", {{"arch", "x86_64"}, {"machine", spec.machine.board.empty() ? "q35" : spec.machine.board}}, "hvm");
    if (spec.loader == Loader::firmware) xml.leaf("loader", {{"readonly", "yes"}, {"type", "rom"}}, place.image);
    if (spec.loader != Loader::firmware && spec.firmware == Firmware::ovmf) {
      xml.leaf("loader", {{"readonly", "yes"}, {"type", "rom"}}, place.ovmf);
    }
    if (spec.loader == Loader::kernel) {
      xml.leaf("kernel", {}, place.image);
      if (!place.initrd.empty()) xml.leaf("initrd", {}, place.initrd);
      const std::string words = join(kernel_words(spec), " ");
      if (!words.empty()) xml.leaf("cmdline", {}, words);
    }
    boot_order(xml, spec);
  });
}

// Nodes of the machine's file, or those that a scenario asks for: the processors are on the last of these.
std::vector<NumaNode> numa_nodes(const BootSpec& spec) {
  if (!settings_of(spec).numa.empty() || spec.numa_nodes < 2) return settings_of(spec).numa;
  std::vector<NumaNode> nodes;
  const int each = spec.machine.memory_mb / spec.numa_nodes;
  for (int i = 0; i + 1 < spec.numa_nodes; ++i) nodes.push_back({.cpus = {}, .memory_mb = each, .host_nodes = {}});
  nodes.push_back({.cpus = fmt::format("0-{}", spec.machine.cpus - 1),
                   .memory_mb = spec.machine.memory_mb - each * (spec.numa_nodes - 1),
                   .host_nodes = {}});
  return nodes;
}

void processor(XmlWriter& xml, const BootSpec& spec) {
  const std::string& model = spec.machine.cpu_model;
  const std::vector<NumaNode> nodes = numa_nodes(spec);
  const bool named = !model.empty() && !is_qemu_cpu(model) && model != "host";
  if (!named && model != "host" && nodes.empty()) return;
  const auto inside = [&] {
    if (named) xml.leaf("model", {{"fallback", "forbid"}}, model);
    if (nodes.empty()) return;
    xml.element("numa", {}, [&] {
      for (std::size_t i = 0; i < nodes.size(); ++i) {
        xml.leaf("cell", {{"id", std::to_string(i)},
                          {"cpus", nodes[i].cpus},
                          {"memory", std::to_string(nodes[i].memory_mb)},
                          {"unit", "MiB"}});
      }
    });
  };
  if (model == "host") {
    xml.element("cpu", {{"mode", "host-passthrough"}, {"check", "none"}}, inside);
  } else if (named) {
    xml.element("cpu", {{"mode", "custom"}, {"match", "exact"}, {"check", "none"}}, inside);
  } else {
    xml.element("cpu", {}, inside);
  }
}

}  // namespace

Result<std::string> domain_xml(const BootSpec& spec, const DomainPlace& place) {
  TRY(check_spec(spec, place.console.empty()));
  XmlWriter xml;
  const bool kvm = spec.machine.accelerator == "kvm";
  xml.element("domain", {{"type", kvm ? "kvm" : "qemu"}, {"xmlns:qemu", "http://libvirt.org/schemas/domain/qemu/1.0"}},
              [&] {
                xml.leaf("name", {}, place.name);
                xml.leaf("uuid", {}, place.uuid);
                memory(xml, spec);
                if (!spec.orders.empty()) {
                  xml.element("sysinfo", {{"type", "fwcfg"}}, [&] {
                    for (const auto& [name, text] : spec.orders) {
                      xml.leaf("entry", {{"name", "opt/aios/" + name}}, text);
                    }
                  });
                }
                loading(xml, spec, place);
                xml.element("features", {}, [&] {
                  xml.leaf("acpi");
                  xml.leaf("apic");
                  xml.leaf("vmport", {{"state", "off"}});
                });
                processor(xml, spec);
                xml.leaf("clock", {{"offset", "utc"}});
                for (const char* end : {"on_poweroff", "on_reboot", "on_crash"}) xml.leaf(end, {}, "destroy");
                xml.element("devices", {}, [&] { write_devices(xml, spec, settings_of(spec), place); });
                xml.element("qemu:commandline", {}, [&] {
                  for (const std::string& word : qemu_words(spec, place)) xml.leaf("qemu:arg", {{"value", word}});
                });
              });
  return xml.take();
}

std::vector<std::string> qemu_words(const BootSpec& spec, const DomainPlace& place) {
  std::vector<std::string> words;
  const auto add = [&](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
  const bool exact = is_exact(spec);
  // A comma in QEMU's option texts is written twice.
  const auto value = [](const std::string& text) {
    std::string escaped;
    for (const char c : text) escaped += c == ',' ? std::string(",,") : std::string(1, c);
    return escaped;
  };
  if (spec.machine.board == "q35") {
    // What no spec uses costs boot time under emulation; libvirt has no word for it.
    add({"-machine", fmt::format("sata={},smbus=off", has_sata(spec) ? "on" : "off")});
  }
  if (is_qemu_cpu(spec.machine.cpu_model)) add({"-cpu", spec.machine.cpu_model});
  if (exact) {
    // One instruction is one nanosecond of the guest's time, and idling is skipped; its clock starts at a fixed date.
    add({"-icount", "shift=0,sleep=off", "-rtc", "base=2020-01-01,clock=vm"});
    // What libvirt makes up anew for each domain, and firmware and guest can read.
    add({"-uuid", "00000000-0000-0000-0000-000000000000", "-boot", "strict=off"});
    if (!place.console.empty()) {
      add({"-chardev", "pipe,id=console,path=" + value(place.console), "-serial", "chardev:console"});
    }
  }
  if (spec.machine.accelerator != "kvm") add({"-seed", std::to_string(spec.seed)});
  add({"-action", "reboot=shutdown"});
  if (!place.log.empty()) add({"-d", "cpu_reset", "-D", place.log});
  if (spec.exit_device) add({"-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"});
  for (const std::string& device : spec.devices) add({"-device", device});
  if (spec.plugin) {
    std::string plugin = fmt::format("{},out={}", value(spec.plugin->library.string()), value(place.plugin_out));
    if (!spec.plugin->watch.empty()) plugin += fmt::format(",watch={}", value(spec.plugin->watch.string()));
    if (!spec.plugin->profile.empty()) {
      plugin += fmt::format(",profile={}", value(spec.plugin->profile.string()));
      if (spec.plugin->profile_boot) plugin += ",spans=on";
    }
    add({"-plugin", plugin});
  }
  words.insert(words.end(), spec.back_end_words.begin(), spec.back_end_words.end());
  return words;
}

Status check_spec(const BootSpec& spec, bool remote) {
  const MachineSpec& machine = spec.machine;
  const auto refuse = [&](std::string what, std::string hint) {
    return config_error(std::move(what), machine.name, std::move(hint));
  };
  if (spec.image.empty()) return refuse("a boot without an image", "name a kernel or an image file");
  if (machine.accelerator != "kvm" && machine.accelerator != "tcg" && machine.accelerator != "tcg-icount") {
    return refuse(fmt::format("unknown accelerator '{}'", machine.accelerator), "known are: tcg-icount, tcg, kvm");
  }
  if (machine.accelerator == "tcg-icount" && machine.cpus != 1) {
    return refuse(fmt::format("exact mode has one processor, {} were asked for", machine.cpus), "take cpus = 1");
  }
  if (machine.board == "microvm") return refuse("libvirt has no microvm", R"(take board = "q35")");
  if (spec.plugin && machine.accelerator == "kvm") {
    return refuse("under KVM nothing is there that a plugin could count", "use an exact machine");
  }
  if (spec.plugin && remote) {
    return refuse("the counts of a plugin on another host cannot be read back", "count on a libvirt of this host");
  }
  if (!spec.hold.empty() || !spec.resume_from.empty()) {
    return refuse("guests of libvirt are not saved", "boot cold: --cold");
  }
  int memory = 0;
  const LibvirtSettings& settings = settings_of(spec);
  for (const NumaNode& node : settings.numa) memory += node.memory_mb;
  if (!settings.numa.empty() && memory != machine.memory_mb) {
    return refuse(fmt::format("its NUMA nodes hold {} MiB, the machine has {}", memory, machine.memory_mb),
                  "make memory_mb their sum; a scenario that needs more than the machine has raises it");
  }
  for (const auto& [cpu, host] : settings.pins) {
    if (cpu >= machine.cpus) return refuse(fmt::format("processor {} is pinned, there are {}", cpu, machine.cpus), {});
  }
  return {};
}

}  // namespace aios::libvirt
