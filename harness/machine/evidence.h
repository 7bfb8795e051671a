// SPDX-License-Identifier: Apache-2.0
// What is left of a boot when the machine is gone: how it ended and everything that shows it. A value, bounded in size
// whatever the guest did.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/machine/end_state.h"
#include "harness/machine/watch_plan.h"
#include "harness/model/unit.h"
#include "harness/support/result.h"

namespace aios {

struct MarkerSeen {
  std::string text;
  std::optional<Duration> at;  // since the start of the boot; empty: not reached
  std::string line;            // the line it stood in
};

struct BootPhases {
  Duration spawned{0};  // until the back end had started the machine
  std::optional<Duration> first_output;
  std::optional<Duration> last_output;
  Duration ended{0};                                    // until the end was decided
  Duration cleaned_up{0};                               // until nothing of the machine was left
  std::vector<std::pair<std::string, Duration>> parts;  // "power", "firmware", "network", "kernel", on a board
};

struct BootEvidence {
  EndState state = EndState::machine_died;
  std::string detail;   // one sentence
  bool wanted = false;  // the end that the plan asked for
  int exit_code = 0;    // guest_exit only

  std::vector<MarkerSeen> markers;
  BootPhases phases;
  std::vector<std::string> last_lines;  // of the console, made printable
  std::string console;                  // head and tail
  std::uint64_t console_bytes = 0, console_lines = 0;
  bool console_cut = false;         // the middle of the console was dropped
  std::vector<std::string> screen;  // the last VGA text
  std::vector<std::string> screen_history;
  std::string crash_text;      // the lines of a panic or oops
  std::uint64_t warnings = 0;  // "WARNING: CPU:" and the like
  std::string registers;
  std::string machine_words;  // what the emulator said about itself on stderr
  std::vector<std::string> notes;
  std::vector<std::string> doubts;  // why its figures may be worse than they look

  std::string back_end_version;
  std::string command;                  // as a person would type it
  std::vector<std::string> devices;     // as the machine lists them
  Fidelity fidelity = Fidelity::timed;  // after the audit of what was plugged in
  std::filesystem::path counts;         // what the plugin wrote; empty without one
};

// ok where the end was the wanted one; otherwise an error of the right kind that names state, evidence and machine.
Status judge_end(const BootEvidence& evidence, std::string_view what);

}  // namespace aios
