// SPDX-License-Identifier: Apache-2.0
// What this computer can do, and what to install or change so that it can do more.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/cli/doctor_checks.h"
#include "harness/cli/lent_devices.h"
#include "harness/cli/machine_list.h"
#include "harness/cli/text_style.h"
#include "harness/machine/machines.h"
#include "harness/support/json.h"

namespace aios {
namespace {

std::string_view word(Health health) {
  return health == Health::good ? "ok" : health == Health::limited ? "limited" : "missing";
}

struct MachineRow {
  MachineSpec machine;
  Health health;
  std::string detail, remedy;
};

std::vector<MachineRow> check_machines(const Context& context, const std::vector<MachineSpec>& machines) {
  const MachineEnvironment environment{&context.clock, &context.cancel, context.paths.store / "cache"};
  std::vector<MachineRow> rows;
  for (const MachineSpec& machine : machines) {
    MachineFinding found = sum_up(check_machine(machine, environment));
    if (found.health != Health::missing) {
      found.detail = std::string(to_string(machine.fidelity)) + (found.detail.empty() ? "" : ", ") + found.detail;
    }
    rows.push_back({machine, found.health, std::move(found.detail), std::move(found.remedy)});
  }
  return rows;
}

Result<int> doctor(Context& context, bool json) {
  std::vector<DoctorRow> rows = check_tools();
  for (auto& more : {check_parts(context.paths), check_store(context.paths), check_lent_devices()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  context.progress.phase("probing the machines");
  const auto machines = check_machines(context, TRY(machine_list(context)));
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
      list.push_back({{"name", row.machine.name},
                      {"state", word(row.health)},
                      {"detail", row.detail},
                      {"remedy", row.remedy},
                      {"abilities", row.machine.abilities},
                      {"defined_in", row.machine.defined_in}});
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
    table.row({{row.machine.name}, {std::string(word(row.health)), tone(row.health)}, {row.detail}, {row.remedy}});
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
          "  aios-bench doctor\n  aios-bench doctor --json\n  sudo aios-bench doctor --restore",
          [](FlagSet& set) -> Action {
            struct Flags {
              bool json = false, restore = false;
            };
            auto flags = std::make_shared<Flags>();
            set.add("--json", flags->json, "One JSON document on standard output");
            set.add(
                "--restore", flags->restore,
                "Give devices that a killed run left with a guest back to their drivers, and look again at those in "
                "quarantine");
            return [flags](Context& context) {
              return flags->restore ? restore_lent_devices(context, flags->json) : doctor(context, flags->json);
            };
          }};
}

}  // namespace aios
