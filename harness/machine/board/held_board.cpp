// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/held_board.h"

#include <fmt/format.h>

#include "harness/machine/holds.h"

namespace aios::board {
namespace {

Duration settle_time(const BoardSettings& settings) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(settings.power.settle_seconds));
}

}  // namespace

Result<std::shared_ptr<HeldBoard>> HeldBoard::take(const MachineSpec& machine, const MachineEnvironment& environment) {
  const BoardSettings& settings = *machine.board_settings;
  const fs::path folder = TRY(lock_folder(settings));
  const std::string key = board_key(settings);
  PowerSwitch power = TRY(make_switch(settings.power, environment.cancel));
  BoardLock lock = TRY(BoardLock::take(folder, key, this_process(machine.name, environment.clock->unix_seconds())));
  const auto left = lock.left_over();
  std::shared_ptr<HeldBoard> held(
      new HeldBoard(settings, std::move(lock), std::move(power), *environment.clock, environment.cancel));
  if (left) {
    TRY(held->switch_power(false));
    held->note_ = fmt::format("the board was left as it was by {}: switched off", left->describe());
  }
  return held;
}

HeldBoard::~HeldBoard() {
  if (lock_.broken()) return;  // another one's now
  // Also after Ctrl-C, which must not leave a board behind.
  const Status left = switch_to(power_, settings_.leave_on, settle_time(settings_), *clock_, nullptr);
  lock_.release(left.ok());
}

Status HeldBoard::switch_power(bool on) const {
  return switch_to(power_, on, settle_time(settings_), *clock_, on ? cancel_ : nullptr);
}

Result<std::shared_ptr<HeldBoard>> hold_board(const MachineSpec& machine, const MachineEnvironment& environment) {
  if (environment.holds == nullptr) return HeldBoard::take(machine, environment);
  auto& kept = environment.holds->kept["board " + board_key(*machine.board_settings)];
  auto held = std::static_pointer_cast<HeldBoard>(kept);
  if (held && held->broken()) {
    held.reset();
    kept.reset();
  }
  if (!held) {
    held = TRY(HeldBoard::take(machine, environment));
    kept = held;
  }
  return held;
}

Result<std::string> finish_left_over(const MachineSpec& machine, const MachineEnvironment& environment) {
  if (!machine.board_settings) return std::string();
  const fs::path folder = TRY(lock_folder(*machine.board_settings));
  const LockState state = look_at_lock(folder, board_key(*machine.board_settings));
  if (!state.holder || state.alive) return std::string();
  const auto held = TRY(HeldBoard::take(machine, environment));
  return held->take_note();
}

}  // namespace aios::board
