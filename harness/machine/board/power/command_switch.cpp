// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/machine/board/power/power_switch.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios::board {
namespace {

constexpr std::size_t kMostSaid = 4096;
constexpr int kShellFoundNothing = 127;

Result<std::string> run_line(const std::string& line, Duration timeout, const CancelToken* cancel) {
  CaptureOptions options;
  options.limit = kMostSaid;
  options.merge_stderr = true;
  options.cancel = cancel;
  options.timeout = timeout;
  const Captured done = TRY(run_command({.argv = {"sh", "-c", line}}, options));
  if (done.exit.success()) return std::string(trim(done.out));
  const std::string what =
      fmt::format("the power command failed ({}): {}", done.exit.describe(), printable(trim(done.out)));
  if (!done.exit.signalled && done.exit.code == kShellFoundNothing) {
    return config_error(what, line, "the program that the machine file names is not there");
  }
  return infra_fault(what, line);
}

Result<bool> parse_state(const std::string& said, const std::string& line) {
  // "Chassis Power is on", "on", "1": the last word decides.
  const auto words = split_words(said);
  const std::string last = words.empty() ? std::string() : words.back();
  if (last == "on" || last == "1" || last == "ON") return true;
  if (last == "off" || last == "0" || last == "OFF") return false;
  return config_error(fmt::format("the power's status is neither on nor off: '{}'", printable(said)), line,
                      "the last word that the command prints has to be on or off");
}

}  // namespace

PowerSwitch command_switch(const BoardPower& power, const CancelToken* cancel) {
  const auto timeout = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(power.timeout_seconds));
  PowerSwitch out;
  out.name = "the power commands of the machine file";
  out.is_on = [=]() -> Result<bool> { return parse_state(TRY(run_line(power.status, timeout, cancel)), power.status); };
  out.set = [=](bool on) -> Status {
    TRY(run_line(on ? power.on : power.off, timeout, cancel));
    return {};
  };
  return out;
}

}  // namespace aios::board
