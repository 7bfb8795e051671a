// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/board_care.h"

#include <fmt/format.h>

#include "harness/machine/board/board_lock.h"
#include "harness/machine/board/held_board.h"

namespace aios {

void finish_boards(const Context& context, const std::vector<MachineSpec>& machines) {
  const MachineEnvironment environment{&context.clock, &context.cancel};
  for (const MachineSpec& machine : machines) {
    if (!machine.board_settings) continue;
    const auto done = board::finish_left_over(machine, environment);
    if (!done.ok()) {
      context.progress.note(fmt::format("board '{}' is not as it is to be left: {}", machine.name, done.error().what));
    } else if (!done->empty()) {
      context.progress.note(fmt::format("board '{}': {}", machine.name, *done));
    }
  }
}

void quarantine_board(const Context& context, const MachineSpec& machine, const RunRecord& failed) {
  if (!machine.board_settings) return;
  board::Quarantine quarantine;
  quarantine.since = utc_time(context.clock.unix_seconds());
  quarantine.why = fmt::format("{} did not boot on it", failed.kernel);
  for (const BootRecord& boot : failed.boots) {
    quarantine.evidence += fmt::format("boot {} ({}): {}: {}\n", boot.index, boot.scenario, boot.end_state, boot.error);
    for (const std::string& note : boot.notes) quarantine.evidence += note + "\n";
  }
  const auto folder = board::lock_folder(*machine.board_settings);
  const Status done = folder.ok()
                          ? board::put_in_quarantine(*folder, board::board_key(*machine.board_settings), quarantine)
                          : Status(folder.error());
  context.progress.note(done.ok() ? fmt::format("board '{}' is in quarantine: {}", machine.name, quarantine.why)
                                  : done.error().describe());
}

}  // namespace aios
