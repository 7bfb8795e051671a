// SPDX-License-Identifier: Apache-2.0
// Who has a board, between processes and users: a file that is locked, and says who locked it. The lock of one who died
// is free again by itself; what he wrote stays, and tells the next one that the board was left as it was. The file is
// the journal, too: as long as there is something in it, the board is not as its machine file wants it to be left.
#pragma once

#include <optional>
#include <string>

#include "harness/model/board_settings.h"
#include "harness/support/files.h"

namespace aios::board {

struct BoardHolder {
  std::string machine;  // as he calls it
  std::string user, host, since;
  int pid = 0;
  std::string describe() const;
};

// The same for everybody who has the same board, whatever they call it.
std::string board_key(const BoardSettings& settings);
// Made where it is not there; everybody of this host may write to it.
Result<fs::path> lock_folder(const BoardSettings& settings);

class BoardLock {
 public:
  // An infra_fault that names the holder, where there is one.
  static Result<BoardLock> take(const fs::path& folder, const std::string& key, const BoardHolder& me);
  // Gives the lock up. `settled`: the board is as it should be left; otherwise the next one is told.
  void release(bool settled);
  // Whoever had it before and died; the board may be in any state.
  const std::optional<BoardHolder>& left_over() const { return left_over_; }
  bool broken() const;  // somebody else took it away

 private:
  BoardLock(UniqueFd fd, fs::path path) : fd_(std::move(fd)), path_(std::move(path)) {}
  UniqueFd fd_;
  fs::path path_;
  std::optional<BoardHolder> left_over_;
};

struct LockState {
  std::optional<BoardHolder> holder;
  bool alive = false;  // it is locked now; otherwise the holder died and left it
};
LockState look_at_lock(const fs::path& folder, const std::string& key);
// Whoever holds it loses it. What was left is still told to the next one.
Status break_lock(const fs::path& folder, const std::string& key);
BoardHolder this_process(const std::string& machine, std::int64_t unix_seconds);

// A board that did not boot a kernel known to be good is not used until a person has looked at it.
struct Quarantine {
  std::string since, why, evidence;
};
Status put_in_quarantine(const fs::path& folder, const std::string& key, const Quarantine& quarantine);
std::optional<Quarantine> quarantine_of(const fs::path& folder, const std::string& key);
// False: it was in none.
Result<bool> end_quarantine(const fs::path& folder, const std::string& key);

}  // namespace aios::board
