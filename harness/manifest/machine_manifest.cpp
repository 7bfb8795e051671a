// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/machine_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace aios {
namespace {

// What figures of an accelerator are worth, and the abilities that come and go with it.
struct AcceleratorFacts {
  std::string_view name;
  Fidelity best;
  std::array<std::string_view, 2> abilities;
};
constexpr std::array kAccelerators{AcceleratorFacts{"tcg-icount", Fidelity::exact, {"exact", "counts"}},
                                   AcceleratorFacts{"tcg", Fidelity::bounded, {}},
                                   AcceleratorFacts{"kvm", Fidelity::timed, {"timed"}}};

const AcceleratorFacts* facts_of(std::string_view accelerator) {
  const auto found = std::find_if(kAccelerators.begin(), kAccelerators.end(),
                                  [&](const auto& facts) { return facts.name == accelerator; });
  return found == kAccelerators.end() ? nullptr : &*found;
}

Result<int> positive_or(TomlTable& table, std::string_view key, int fallback) {
  const std::int64_t value = TRY(table.integer_or(key, fallback));
  if (value < 1 || value > (1 << 24)) return table.error(key, fmt::format("{} is out of range", value));
  return static_cast<int>(value);
}

// What the machine that it is like could do with another accelerator is not what this one can.
void follow_accelerator(TomlTable& table, MachineSpec& machine) {
  const AcceleratorFacts* facts = facts_of(machine.accelerator);
  if (facts == nullptr || table.has("abilities") || !table.has("accelerator")) return;
  for (const char* ability : {"exact", "counts", "timed", "snapshot"}) machine.abilities.erase(ability);
  for (const std::string_view ability : facts->abilities) {
    if (!ability.empty()) machine.abilities.emplace(ability);
  }
}

Status read_fidelity(TomlTable& table, MachineSpec& machine, bool complete) {
  const AcceleratorFacts* facts = facts_of(machine.accelerator);
  if (!table.has("fidelity") && (complete || facts != nullptr)) {
    if (facts != nullptr && table.has("accelerator")) machine.fidelity = facts->best;
    return {};
  }
  auto fidelity = parse_fidelity(TRY(table.string("fidelity")));
  if (!fidelity.ok()) return table.error("fidelity", fidelity.error().what, fidelity.error().hint);
  machine.fidelity = *fidelity;
  const bool less = facts != nullptr && facts->best == Fidelity::exact && machine.fidelity == Fidelity::counted;
  if (facts == nullptr || machine.fidelity == facts->best || less) return {};
  return table.error("fidelity",
                     fmt::format("'{}' is more, or other, than accelerator '{}' gives", to_string(machine.fidelity),
                                 machine.accelerator),
                     fmt::format("it gives '{}': leave the key out", to_string(facts->best)));
}

// "01:00.0" and "0000:01:00.0" are the same function of the same device.
std::optional<std::string> pci_address(std::string_view text) {
  const std::string whole = text.size() == 7 ? "0000:" + std::string(text) : std::string(text);
  constexpr std::string_view kForm = "xxxx:xx:xx.f";
  if (whole.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const char c = whole[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    const bool right = kForm[i] == 'x' ? hex : kForm[i] == 'f' ? c >= '0' && c <= '7' : c == kForm[i];
    if (!right) return std::nullopt;
  }
  return whole;
}

Status read_pass_through(TomlTable& table, MachineSpec& machine) {
  if (!table.has("pass_through")) return {};
  machine.pass_through.clear();
  for (const std::string& text : TRY(table.strings("pass_through"))) {
    auto address = pci_address(text);
    if (!address) {
      return table.error("pass_through", fmt::format("'{}' is no PCI address", text),
                         "as lspci -D prints it, in small letters: \"0000:01:00.0\"");
    }
    machine.pass_through.push_back(std::move(*address));
    machine.abilities.insert("gpu");
  }
  return {};
}

Status read_back_end_tables(TomlTable& table, MachineSpec& machine) {
  if (auto libvirt = TRY(table.table_or_none("libvirt"))) {
    if (!machine.libvirt) machine.libvirt.emplace();
    TRY(read_libvirt_settings(*libvirt, *machine.libvirt));
    TRY(libvirt->done());
  }
  if (!table.is_table("board")) {
    machine.board = TRY(table.string_or("board", machine.board));
    return {};
  }
  TomlTable board = TRY(table.table("board"));
  if (!machine.board_settings) machine.board_settings.emplace();
  TRY(read_board_settings(board, *machine.board_settings));
  return board.done();
}

}  // namespace

Status read_machine_keys(TomlTable& table, MachineSpec& machine, bool complete) {
  // Asked for, whether or not they are there: a misspelt one is then told what it is near to.
  for (const char* key : {"fidelity", "abilities", "pass_through"}) (void)table.string_or(key, {}).ok();
  machine.backend = complete ? TRY(table.string_or("backend", machine.backend)) : TRY(table.string("backend"));
  machine.description = TRY(table.string_or("description", machine.description));
  machine.accelerator = TRY(table.string_or("accelerator", machine.accelerator));
  follow_accelerator(table, machine);
  if (!complete || table.has("abilities")) {
    machine.abilities.clear();
    for (std::string& ability : TRY(table.strings("abilities"))) machine.abilities.insert(std::move(ability));
  }
  TRY(read_fidelity(table, machine, complete));
  machine.cpu_model = TRY(table.string_or("cpu_model", machine.cpu_model));
  machine.cpus = TRY(positive_or(table, "cpus", machine.cpus));
  if (machine.cpus > 1 && table.has("cpus") && !table.has("abilities")) machine.abilities.insert("smp");
  machine.memory_mb = TRY(positive_or(table, "memory_mb", machine.memory_mb));
  machine.deadline_scale = TRY(table.number_or("deadline_scale", machine.deadline_scale));
  if (!(machine.deadline_scale > 0)) return table.error("deadline_scale", "must be above zero");
  TRY(read_pass_through(table, machine));
  return read_back_end_tables(table, machine);
}

Result<MachineSpec> read_machine_manifest(const fs::path& file) {
  const TomlFile document = TRY(TomlFile::read(file));
  TomlTable root = document.root();
  MachineSpec machine;
  machine.name = TRY(root.string("name"));
  TRY(read_machine_keys(root, machine, false));
  TRY(root.done());
  return machine;
}

}  // namespace aios
