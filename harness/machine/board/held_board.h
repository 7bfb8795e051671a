// SPDX-License-Identifier: Apache-2.0
// A board that is ours for a while: locked, with the switch for its power. When it goes, the board is left as its
// machine file says, and only then is the lock given up; where that fails, the lock's file tells the next command.
#pragma once

#include <memory>

#include "harness/machine/board/board_lock.h"
#include "harness/machine/board/power/power_switch.h"
#include "harness/machine/machine.h"

namespace aios::board {

class HeldBoard {
 public:
  // A board that its last holder left as it was is switched off first; `note` says so then.
  static Result<std::shared_ptr<HeldBoard>> take(const MachineSpec& machine, const MachineEnvironment& environment);
  ~HeldBoard();
  HeldBoard(const HeldBoard&) = delete;
  HeldBoard& operator=(const HeldBoard&) = delete;

  const PowerSwitch& power() const { return power_; }
  Status switch_power(bool on) const;
  bool broken() const { return lock_.broken(); }
  std::string take_note() { return std::exchange(note_, {}); }

 private:
  HeldBoard(BoardSettings settings, BoardLock lock, PowerSwitch power, const Clock& clock, const CancelToken* cancel)
      : settings_(std::move(settings)),
        lock_(std::move(lock)),
        power_(std::move(power)),
        clock_(&clock),
        cancel_(cancel) {}
  BoardSettings settings_;
  BoardLock lock_;
  PowerSwitch power_;
  const Clock* clock_;
  const CancelToken* cancel_;
  std::string note_;
};

// The same object for all boots that share `environment.holds`.
Result<std::shared_ptr<HeldBoard>> hold_board(const MachineSpec& machine, const MachineEnvironment& environment);

// After a harness that was killed: whatever it left of this board is finished. What was done, or nothing; boards that
// are in use, or that nobody left, cost no more than a look at a file.
Result<std::string> finish_left_over(const MachineSpec& machine, const MachineEnvironment& environment);

}  // namespace aios::board
