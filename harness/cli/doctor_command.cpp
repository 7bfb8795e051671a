// SPDX-License-Identifier: Apache-2.0
// What this computer can do, and what to install or change so that it can do more.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/cli/doctor_checks.h"
#include "harness/cli/text_style.h"
#include "harness/machine/host/conditions.h"
#include "harness/machine/machines.h"
#include "harness/machine/qemu/kvm_probe.h"
#include "harness/support/json.h"

namespace aios {
namespace {

std::string_view word(Health health) {
  return health == Health::good ? "ok" : health == Health::limited ? "limited" : "missing";
}

struct MachineRow {
  const MachineSpec* machine;
  Health health;
  std::string detail, remedy;
};

// What its figures will be worth: real ones wherever programs run at all.
MachineRow host_row(const MachineSpec& machine) {
  const host::Conditions conditions = host::read_conditions();
  MachineRow row{&machine, Health::good, std::string(to_string(machine.fidelity)), {}};
  const auto said = host::to_map(conditions);
  row.detail += fmt::format(", processor {}, counter at {}; hardware counters: {}", said.at("processor"),
                            said.at("time-stamp counter"), said.at("hardware counters"));
  for (const std::string& doubt : host::doubts(conditions)) {
    row.health = Health::limited;
    row.remedy += (row.remedy.empty() ? "" : "; ") + doubt;
  }
  return row;
}

std::vector<MachineRow> check_machines(const Context& context, bool has_qemu) {
  std::vector<MachineRow> rows;
  for (const auto& machine : built_in_machines()) {
    MachineRow row{&machine, Health::good, std::string(to_string(machine.fidelity)), {}};
    if (!has_qemu && machine.backend == "qemu") {
      row = {&machine, Health::missing, "QEMU is not installed", "apt-get install qemu-system-x86"};
    } else if (machine.backend == "host") {
      row = host_row(machine);
    } else if (machine.accelerator == "kvm") {
      qemu::KvmProbeOptions options;
      options.cache_file = context.paths.store / "cache" / "kvm-probe.json";
      std::error_code ignored;
      fs::create_directories(options.cache_file.parent_path(), ignored);
      const auto verdict = qemu::probe_kvm({&context.clock, &context.cancel}, options);
      if (!verdict.ok()) {
        row = {&machine, Health::limited, verdict.error().describe(), {}};
      } else if (!verdict->works) {
        row = {&machine, Health::limited, verdict->reason,
               "run on a host whose KVM boots a guest; until then timed figures are bounded (qemu-tcg)"};
      } else {
        row.detail += fmt::format(", {} ({})", verdict->cpu_model, verdict->reason);
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<int> doctor(Context& context, bool json) {
  std::vector<DoctorRow> rows = check_tools();
  const bool has_qemu = rows.front().health == Health::good;
  for (auto& more : {check_parts(context.paths), check_store(context.paths)}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  context.progress.phase("probing the machines");
  const auto machines = check_machines(context, has_qemu);
  TRY(context.cancel.check());
  bool fit = true;
  for (const auto& row : rows) fit = fit && !(row.required && row.health == Health::missing);

  if (json) {
    OrderedJson checks = OrderedJson::array();
    for (const auto& row : rows) {
      checks.push_back({{"group", row.group},
                        {"name", row.name},
                        {"state", word(row.health)},
                        {"detail", row.detail},
                        {"remedy", row.remedy},
                        {"required", row.required}});
    }
    OrderedJson list = OrderedJson::array();
    for (const auto& row : machines) {
      list.push_back({{"name", row.machine->name},
                      {"state", word(row.health)},
                      {"detail", row.detail},
                      {"remedy", row.remedy},
                      {"abilities", row.machine->abilities}});
    }
    context.print(dump_json(OrderedJson{{"fit", fit}, {"machines", list}, {"checks", checks}}, 2) + "\n");
    return fit ? kExitMet : kExitUsage;
  }
  const TextStyle style = text_style(context);
  const auto tone = [](Health health) {
    return health == Health::good ? Tone::good : health == Health::limited ? Tone::warn : Tone::bad;
  };
  TextTable table({{"what"}, {"state"}, {"found", false, true}, {"to do", false, true}});
  table.group("machines");
  for (const auto& row : machines) {
    table.row({{row.machine->name}, {std::string(word(row.health)), tone(row.health)}, {row.detail}, {row.remedy}});
  }
  std::string group;
  for (const auto& row : rows) {
    if (row.group != group) table.group(group = row.group);
    table.row({{row.name}, {std::string(word(row.health)), tone(row.health)}, {row.detail}, {row.remedy}});
  }
  context.print(table.render(style));
  context.print(fit ? "\nThis computer can run the main job: aios-bench run debian\n"
                    : "\nSomething that the main job needs is missing: see 'to do' above, or run ci/setup\n");
  return fit ? kExitMet : kExitUsage;
}

}  // namespace

CommandSpec doctor_command() {
  return {"doctor", "Say what this computer can do, and what to install or change to do more",
          "  aios-bench doctor\n  aios-bench doctor --json", [](FlagSet& set) -> Action {
            auto json = std::make_shared<bool>(false);
            set.add("--json", *json, "One JSON document on standard output");
            return [json](Context& context) { return doctor(context, *json); };
          }};
}

}  // namespace aios
