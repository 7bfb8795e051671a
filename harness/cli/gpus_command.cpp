// SPDX-License-Identifier: Apache-2.0
// Which GPUs and other accelerators there are, and what stands in the way of passing each through to a guest.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/cli/text_style.h"
#include "harness/passthrough/discover.h"
#include "harness/passthrough/obstacles.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using passthrough::Inventory;
using passthrough::Known;
using passthrough::PciDevice;

std::string pci_id(unsigned vendor, unsigned device) { return fmt::format("{:04x}:{:04x}", vendor, device); }

std::string full_name(const PciDevice& device) {
  std::string name = device.vendor_name;
  if (!device.device_name.empty()) name += (name.empty() ? "" : " ") + device.device_name;
  return name.empty() ? device.class_name : name;
}

std::string bars_text(const PciDevice& device) {
  std::vector<std::string> parts;
  for (const auto& bar : device.bars) {
    if (bar.memory && bar.index < 6) parts.push_back(human_bytes(static_cast<double>(bar.size)));
  }
  return parts.empty() ? "none" : join(parts, ", ");
}

std::string_view interrupt_word(Known known) {
  return known == Known::yes ? "remapped" : known == Known::no ? "not remapped" : "unknown";
}

bool blocked(const std::vector<passthrough::Obstacle>& found) {
  return std::any_of(found.begin(), found.end(), [](const auto& obstacle) { return obstacle.blocks; });
}

OrderedJson device_json(const Inventory& host, const PciDevice& device) {
  OrderedJson bars = OrderedJson::array(), mediated = OrderedJson::array(), users = OrderedJson::array();
  for (const auto& bar : device.bars) {
    bars.push_back({{"index", bar.index},
                    {"bytes", bar.size},
                    {"kind", bar.memory ? "memory" : "io"},
                    {"prefetchable", bar.prefetchable},
                    {"wide", bar.wide}});
  }
  for (const auto& type : device.mediated) {
    mediated.push_back({{"type", type.type}, {"name", type.name}, {"available", type.available}});
  }
  for (const auto& user : device.users) {
    users.push_back({{"pid", user.pid}, {"program", user.program}, {"file", "/dev/" + user.file}});
  }
  OrderedJson group = OrderedJson::array(), together = OrderedJson::array(), in_the_way = OrderedJson::array();
  for (const auto* other : host.group(device)) {
    group.push_back({{"address", other->address},
                     {"class", fmt::format("{:06x}", other->class_code)},
                     {"name", full_name(*other)},
                     {"driver", other->driver}});
  }
  for (const auto* part : goes_together(host, device)) together.push_back(part->address);
  const auto found = obstacles(host, device);
  for (const auto& obstacle : found) {
    in_the_way.push_back({{"kind", to_string(obstacle.kind)},
                          {"blocks", obstacle.blocks},
                          {"what", obstacle.what},
                          {"command", obstacle.command}});
  }
  OrderedJson json{{"address", device.address},
                   {"id", pci_id(device.vendor, device.device)},
                   {"subsystem", pci_id(device.subsystem_vendor, device.subsystem_device)},
                   {"class", fmt::format("{:06x}", device.class_code)},
                   {"name", full_name(device)},
                   {"kind", device.class_name},
                   {"driver", device.driver}};
  json["iommu_group"] = device.iommu_group ? OrderedJson(*device.iommu_group) : OrderedJson();
  json["group"] = group;
  json["together"] = together;
  json["numa_node"] = device.numa_node ? OrderedJson(*device.numa_node) : OrderedJson();
  json["boot_display"] = device.boot_display;
  json["reset_methods"] = device.reset_methods;
  json["bars"] = bars;
  json["sriov"] = {{"in_use", device.virtual_functions},
                   {"most", device.virtual_functions_most},
                   {"physical_function", device.physical_function}};
  json["mediated"] = mediated;
  json["users"] = users;
  json["can_pass_through"] = !blocked(found);
  json["obstacles"] = in_the_way;
  return json;
}

std::string device_text(const Inventory& host, const PciDevice& device, const TextStyle& style) {
  std::string text =
      fmt::format("{}  {}\n", toned(device.address, Tone::strong, style),
                  printable(fmt::format("{} [{}]", full_name(device), pci_id(device.vendor, device.device))));
  const auto line = [&](std::string_view label, const std::string& words) {
    text += fmt::format("  {:<11} {}\n", label, printable(words));
  };
  line("driver", device.driver.empty() ? "none" : device.driver);
  std::string group = device.iommu_group ? std::to_string(*device.iommu_group) : "none";
  for (const auto* other : host.group(device)) {
    group +=
        fmt::format("; also in it {}{}{}", other->address, other->class_name.empty() ? "" : " " + other->class_name,
                    other->driver.empty() ? "" : fmt::format(" ({})", other->driver));
  }
  line("group", group);
  if (device.numa_node) line("NUMA node", std::to_string(*device.numa_node));
  line("memory", bars_text(device));
  line("reset", !device.reset_methods.empty() ? join(device.reset_methods, ", ") : device.resettable ? "yes" : "none");
  if (device.virtual_functions_most > 0) {
    line("SR-IOV", fmt::format("{} of {} functions in use", device.virtual_functions, device.virtual_functions_most));
  }
  if (!device.physical_function.empty()) line("SR-IOV", "a function of " + device.physical_function);
  for (const auto& type : device.mediated) {
    line("mediated", fmt::format("{} {}: {} to be had", type.type, type.name, type.available));
  }
  const auto found = obstacles(host, device);
  for (const auto& obstacle : found) {
    text += fmt::format(
        "  {} {}\n",
        toned(obstacle.blocks ? "in the way " : "mind       ", obstacle.blocks ? Tone::bad : Tone::warn, style),
        printable(obstacle.what));
    if (!obstacle.command.empty()) text += fmt::format("  {} {}\n", "clear it by", printable(obstacle.command));
  }
  if (!blocked(found)) {
    std::vector<std::string> names;
    for (const auto* part : goes_together(host, device)) names.push_back(part->address);
    text += fmt::format("  {} pass_through = [\"{}\"] in a machine file{}\n", toned("can go     ", Tone::good, style),
                        device.address, names.size() > 1 ? fmt::format(" takes {}", join(names, " and ")) : "");
  }
  return text + "\n";
}

Result<int> gpus(const Context& context, const std::string& root, bool json) {
  const passthrough::SysfsTree tree(root);
  if (!tree.usable()) return config_error("there is no such folder", root, "--root names a folder that holds sys/");
  const passthrough::PciNames names;
  const Inventory host = discover(tree, &names);
  std::vector<const PciDevice*> wanted;
  for (const auto& device : host.devices) {
    if (device.is_accelerator()) wanted.push_back(&device);
  }
  if (json) {
    OrderedJson list = OrderedJson::array();
    for (const auto* device : wanted) list.push_back(device_json(host, *device));
    context.print(dump_json(OrderedJson{{"kernel", host.kernel},
                                        {"iommu", host.iommu},
                                        {"iommu_kind", host.iommu_kind},
                                        {"interrupts", interrupt_word(host.interrupt_remapping)},
                                        {"pci_devices", host.devices.size()},
                                        {"doubts", host.doubts},
                                        {"devices", list}},
                            2) +
                  "\n");
    return kExitMet;
  }
  const TextStyle style = text_style(context);
  for (const auto* device : wanted) context.print(device_text(host, *device, style));
  context.print(fmt::format("{} of {} PCI devices drive a display or accelerate; IOMMU {}, interrupts {}\n",
                            wanted.size(), host.devices.size(),
                            host.iommu ? "on (" + host.iommu_kind + ")" : std::string("off"),
                            interrupt_word(host.interrupt_remapping)));
  for (const auto& doubt : host.doubts) context.print(doubt + "\n");
  return kExitMet;
}

}  // namespace

CommandSpec gpus_command() {
  return {"gpus", "Show GPUs and accelerators, and what stands in the way of passing each through to a guest",
          "  aios-bench gpus\n  aios-bench gpus --json\n  aios-bench gpus --root /tmp/copy-of-another-host",
          [](FlagSet& set) -> Action {
            struct Flags {
              std::string root = "/";
              bool json = false;
            };
            auto flags = std::make_shared<Flags>();
            set.add("--root", flags->root, "Look at the sys/, proc/ and lib/ below this folder", {.value = "DIR"});
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return gpus(context, flags->root, flags->json); };
          }};
}

}  // namespace aios
