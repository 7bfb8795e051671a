// SPDX-License-Identifier: Apache-2.0
// The boards of the machine files: who has which, which are in quarantine, and how to end either.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/cli/machine_list.h"
#include "harness/cli/text_style.h"
#include "harness/machine/board/held_board.h"
#include "harness/machine/machines.h"
#include "harness/support/json.h"

namespace aios {
namespace {

struct BoardPlace {
  MachineSpec machine;
  fs::path folder;
  std::string key;
};

Result<BoardPlace> place_of(const MachineSpec& machine) {
  return BoardPlace{machine, TRY(board::lock_folder(*machine.board_settings)),
                    board::board_key(*machine.board_settings)};
}

Result<BoardPlace> named_board(const Context& context, const std::string& name) {
  const MachineSpec machine = TRY(find_machine(TRY(machine_list(context)), name));
  if (machine.board_settings) return place_of(machine);
  return config_error(fmt::format("machine '{}' is no board", name), machine.defined_in);
}

std::string state_word(const board::LockState& lock) { return lock.alive ? "in use" : lock.holder ? "left" : "free"; }

Result<int> list_boards(Context& context, bool json) {
  OrderedJson list = OrderedJson::array();
  TextTable table({{"board"}, {"state"}, {"by", false, true}, {"quarantine", false, true}});
  std::string evidence;
  for (const MachineSpec& machine : TRY(machine_list(context))) {
    if (!machine.board_settings) continue;
    const BoardPlace place = TRY(place_of(machine));
    const auto lock = board::look_at_lock(place.folder, place.key);
    const auto kept = board::quarantine_of(place.folder, place.key);
    const std::string holder = lock.holder ? lock.holder->describe() : std::string();
    const std::string why = kept ? fmt::format("since {}: {}", kept->since, kept->why) : std::string();
    table.row({{machine.name}, {state_word(lock)}, {holder}, {why}});
    if (kept) evidence += fmt::format("\n{}: {}\n{}", machine.name, why, kept->evidence);
    list.push_back({{"name", machine.name},
                    {"state", state_word(lock)},
                    {"holder", holder},
                    {"quarantine", why},
                    {"evidence", kept ? kept->evidence : std::string()}});
  }
  if (json) {
    context.print(dump_json(OrderedJson{{"boards", list}}, 2) + "\n");
  } else if (list.empty()) {
    context.print("no machine file names a board; docs/boards.md has one to begin with\n");
  } else {
    context.print(table.render(text_style(context)) + evidence);
  }
  return kExitMet;
}

Result<int> unlock_board(Context& context, const std::string& name) {
  const BoardPlace place = TRY(named_board(context, name));
  const auto lock = board::look_at_lock(place.folder, place.key);
  if (!lock.holder) {
    context.print(fmt::format("{} is not locked\n", name));
    return kExitMet;
  }
  if (lock.alive) TRY(board::break_lock(place.folder, place.key));
  const std::string done =
      TRY(board::finish_left_over(place.machine, {.clock = &context.clock, .cancel = &context.cancel}));
  context.print(fmt::format("{} was held by {}\n{}\n", name, lock.holder->describe(), done));
  return kExitMet;
}

Result<int> clear_board(Context& context, const std::string& name) {
  const BoardPlace place = TRY(named_board(context, name));
  const bool was = TRY(board::end_quarantine(place.folder, place.key));
  context.print(fmt::format("{} {} in quarantine\n", name, was ? "is no longer" : "was not"));
  return kExitMet;
}

}  // namespace

CommandSpec boards_command() {
  return {"boards", "Show the boards of the machine files: who has which, and which are in quarantine",
          "  aios-bench boards\n  aios-bench boards unlock rack3    take it from whoever holds it\n"
          "  aios-bench boards clear rack3     a person has looked at it",
          [](FlagSet& set) -> Action {
            struct Flags {
              std::string what = "list", board;
              bool json = false;
            };
            auto flags = std::make_shared<Flags>();
            set.add("WHAT", flags->what, "list, unlock or clear", {.choices = {"list", "unlock", "clear"}});
            set.add("BOARD", flags->board, "The machine's name", {});
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) -> Result<int> {
              if (flags->what == "list") return list_boards(context, flags->json);
              if (flags->board.empty()) {
                return config_error(fmt::format("boards {} needs the name of a board", flags->what), {},
                                    "aios-bench boards lists them");
              }
              return flags->what == "unlock" ? unlock_board(context, flags->board) : clear_board(context, flags->board);
            };
          }};
}

}  // namespace aios
