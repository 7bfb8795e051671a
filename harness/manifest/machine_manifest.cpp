// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/machine_manifest.h"

#include <fmt/format.h>

#include "harness/manifest/toml_reader.h"

namespace aios {
namespace {

Result<int> positive_or(TomlTable& table, std::string_view key, int fallback) {
  const std::int64_t value = TRY(table.integer_or(key, fallback));
  if (value < 1 || value > (1 << 24)) return table.error(key, fmt::format("{} is out of range", value));
  return static_cast<int>(value);
}

}  // namespace

Result<MachineSpec> read_machine_manifest(const fs::path& file) {
  const TomlFile document = TRY(TomlFile::read(file));
  TomlTable root = document.root();
  MachineSpec machine;
  machine.name = TRY(root.string("name"));
  machine.backend = TRY(root.string("backend"));
  machine.description = TRY(root.string("description"));
  auto fidelity = parse_fidelity(TRY(root.string("fidelity")));
  if (!fidelity.ok()) return root.error("fidelity", fidelity.error().what, fidelity.error().hint);
  machine.fidelity = *fidelity;
  for (std::string& ability : TRY(root.strings("abilities"))) machine.abilities.insert(std::move(ability));
  machine.accelerator = TRY(root.string_or("accelerator", ""));
  machine.board = TRY(root.string_or("board", ""));
  machine.cpu_model = TRY(root.string_or("cpu_model", ""));
  machine.cpus = TRY(positive_or(root, "cpus", machine.cpus));
  machine.memory_mb = TRY(positive_or(root, "memory_mb", machine.memory_mb));
  machine.deadline_scale = TRY(root.number_or("deadline_scale", machine.deadline_scale));
  if (!(machine.deadline_scale > 0)) return root.error("deadline_scale", "must be above zero");
  TRY(root.done());
  return machine;
}

}  // namespace aios
