// SPDX-License-Identifier: Apache-2.0
// [machine.NAME.libvirt]
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/manifest/machine_manifest.h"

namespace aios {
namespace {

// Processors or nodes as libvirt writes them: "0", "2-5", "0,2-3".
bool is_number_set(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789,-^") == std::string_view::npos;
}

Result<std::string> number_set_or(TomlTable& table, std::string_view key, std::string fallback) {
  std::string text = TRY(table.string_or(key, std::move(fallback)));
  if (text.empty() || is_number_set(text)) return text;
  return table.error(key, fmt::format("'{}' is no set of numbers", text), R"(for example "0", "2-5" or "0,2-3")");
}

Status read_pins(TomlTable& table, LibvirtSettings& settings) {
  auto pins = TRY(table.table_or_none("pins"));
  if (!pins) return {};
  settings.pins.clear();
  for (const std::string& key : pins->keys()) {
    int processor = -1;
    const auto [end, code] = std::from_chars(key.data(), key.data() + key.size(), processor);
    if (code != std::errc() || end != key.data() + key.size() || processor < 0) {
      return pins->error(key, "is no processor of the guest", R"(for example: pins = { 0 = "2", 1 = "3" })");
    }
    settings.pins[processor] = TRY(number_set_or(*pins, key, {}));
  }
  return {};
}

Status read_numa(TomlTable& table, LibvirtSettings& settings) {
  if (!table.has("numa")) return {};
  settings.numa.clear();
  for (TomlTable& node : TRY(table.tables_or_none("numa"))) {
    NumaNode out;
    out.cpus = TRY(node.string("cpus"));
    if (!is_number_set(out.cpus)) return node.error("cpus", fmt::format("'{}' is no set of processors", out.cpus));
    const std::int64_t memory = TRY(node.integer("memory_mb"));
    if (memory < 1 || memory > (1 << 24)) return node.error("memory_mb", fmt::format("{} is out of range", memory));
    out.memory_mb = static_cast<int>(memory);
    out.host_nodes = TRY(number_set_or(node, "host_nodes", {}));
    TRY(node.done());
    settings.numa.push_back(std::move(out));
  }
  return {};
}

Status read_disks(TomlTable& table, LibvirtSettings& settings) {
  if (!table.has("disk")) return {};
  settings.disks.clear();
  for (TomlTable& disk : TRY(table.tables_or_none("disk"))) {
    LibvirtDisk out;
    out.source = TRY(disk.string("source"));
    out.kind = TRY(disk.word_or("kind", {"file", "block", "volume"}, out.kind));
    out.format = TRY(disk.word_or("format", {"raw", "qcow2"}, out.format));
    out.bus = TRY(disk.word_or("bus", {"virtio", "scsi", "sata"}, out.bus));
    out.cache = TRY(disk.word_or("cache", {"", "none", "writeback", "writethrough", "directsync", "unsafe"}, {}));
    out.io = TRY(disk.word_or("io", {"", "threads", "native", "io_uring"}, {}));
    out.read_only = TRY(disk.boolean_or("read_only", false));
    out.keep_writes = TRY(disk.boolean_or("keep_writes", false));
    if (out.kind == "volume" && out.source.find('/') == std::string::npos) {
      return disk.error("source", fmt::format("'{}' names no volume", out.source), "POOL/VOLUME");
    }
    TRY(disk.done());
    settings.disks.push_back(std::move(out));
  }
  return {};
}

Status read_networks(TomlTable& table, LibvirtSettings& settings) {
  if (!table.has("network")) return {};
  settings.networks.clear();
  for (TomlTable& network : TRY(table.tables_or_none("network"))) {
    LibvirtNetwork out;
    out.kind = TRY(network.word_or("kind", {"user", "network", "bridge", "direct"}, out.kind));
    out.source = TRY(network.string_or("source", {}));
    out.model = TRY(network.string_or("model", out.model));
    out.mac = TRY(network.string_or("mac", {}));
    if (out.kind != "user" && out.source.empty()) {
      return network.error("kind", fmt::format("'{}' needs a source", out.kind), "add source = \"...\"");
    }
    TRY(network.done());
    settings.networks.push_back(std::move(out));
  }
  return {};
}

}  // namespace

Status read_libvirt_settings(TomlTable& table, LibvirtSettings& settings) {
  settings.uri = TRY(table.string_or("uri", settings.uri));
  if (settings.uri.find("://") == std::string::npos) {
    return table.error("uri", fmt::format("'{}' is no URI of libvirt", settings.uri),
                       "qemu:///session, qemu:///system, qemu+ssh://HOST/system, qemu:///embed?root=FOLDER");
  }
  settings.pool = TRY(table.string_or("pool", settings.pool));
  settings.emulator = TRY(table.string_or("emulator", settings.emulator));
  TRY(read_pins(table, settings));
  settings.emulator_pin = TRY(number_set_or(table, "emulator_pin", settings.emulator_pin));
  TRY(read_numa(table, settings));
  settings.hugepages = TRY(table.word_or("hugepages", {"", "2M", "1G"}, settings.hugepages));
  settings.lock_memory = TRY(table.boolean_or("lock_memory", settings.lock_memory));
  if (table.has("virtio")) {
    settings.virtio = TRY(table.strings("virtio"));
    for (const std::string& device : settings.virtio) {
      if (device == "rng" || device == "balloon" || device == "console") continue;
      return table.error("virtio", fmt::format("'{}' is not known here", device), "one of: rng, balloon, console");
    }
  }
  TRY(read_disks(table, settings));
  return read_networks(table, settings);
}

}  // namespace aios
