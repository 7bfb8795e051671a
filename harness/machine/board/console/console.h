// SPDX-License-Identifier: Apache-2.0
// A board's console, wherever it comes from: a descriptor to read and write. Console opens it, and opens it again when
// it goes away (a cable, a terminal server, a BMC that starts anew) for as long as the machine file allows.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/model/board_settings.h"
#include "harness/support/cancel.h"
#include "harness/support/clock.h"
#include "harness/support/result.h"

namespace aios::board {

// One connection. `owner` keeps it open.
struct ConsoleWire {
  int fd = -1;
  std::shared_ptr<void> owner;
  std::function<std::string()> why_lost;  // may be empty
  std::function<void()> give_up;          // its other end is dead: no time for good-byes; may be empty
};

Result<ConsoleWire> open_serial(const BoardConsole& console);
Result<ConsoleWire> open_tcp(const BoardConsole& console, Duration at_most);
Result<ConsoleWire> open_command(const BoardConsole& console);
Result<ConsoleWire> open_ipmi_console(const BoardPower& power, const std::string& password);

class Console {
 public:
  using Open = std::function<Result<ConsoleWire>()>;
  Console(Open open, Duration patience, const Clock& clock)
      : open_(std::move(open)), patience_(patience), clock_(&clock) {}

  Status connect();
  // -1 while it is away: then poll again by next_try().
  int fd() const { return wire_ ? wire_->fd : -1; }
  std::optional<Duration> next_try() const { return away_ ? std::optional(next_try_) : std::nullopt; }

  // What has come; empty: nothing. Tries to connect anew where that is due.
  std::string read();
  Status write(std::string_view bytes);
  // Not empty: it went away and did not come back.
  const std::string& lost() const { return lost_; }
  int reconnects() const { return reconnects_; }
  Duration gap() const { return gap_; }  // all together
  void close() { wire_.reset(); }
  void give_up() {
    if (wire_ && wire_->give_up) wire_->give_up();
  }

 private:
  void went_away(std::string why);
  void try_again();

  Open open_;
  Duration patience_;
  const Clock* clock_;
  std::optional<ConsoleWire> wire_;
  std::optional<Duration> away_;  // since when
  Duration next_try_{0}, gap_{0};
  std::string why_, lost_;
  int reconnects_ = 0;
};

// The one that the settings name; a config error where a password is not there.
Result<Console> make_console(const BoardSettings& settings, const Clock& clock);

// How much of what came is no text: a line at the wrong speed sends little else.
class RubbishMeter {
 public:
  void feed(std::string_view bytes);
  bool is_rubbish() const;

 private:
  std::uint64_t bytes_ = 0, strange_ = 0;
};

}  // namespace aios::board
