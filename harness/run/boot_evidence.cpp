// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_evidence.h"

#include <fmt/format.h>

#include "harness/support/clock.h"

namespace aios {
namespace {

// For ends that waiting decided: how long it was differs from run to run.
std::string_view without_times(EndState state) {
  switch (state) {
    case EndState::hang:
      return "it said something, and then nothing more came";
    case EndState::silence:
      return "it never said anything";
    case EndState::alive_but_invisible:
      return "it never said anything, and rests in a halt inside its own image";
    case EndState::deadline:
      return "it was not through when the time was over";
    case EndState::flood:
      return "more output than any bound allows";
    default:
      return {};
  }
}

std::string at(const std::optional<Duration>& time) { return time ? fmt::format("{:.3f} s", seconds(*time)) : "never"; }

void section(std::string& out, const char* title, const std::string& text) {
  if (!text.empty()) out += fmt::format("\n-- {}\n{}\n", title, text);
}

void section(std::string& out, const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("\n-- {}\n", title);
  for (const std::string& line : lines) out += line + "\n";
}

}  // namespace

std::string describe_evidence(const BootEvidence& evidence) {
  std::string out =
      fmt::format("{}{}: {}\n", to_string(evidence.state), evidence.wanted ? " (as wanted)" : "", evidence.detail);
  out += fmt::format("first output {}, last output {}, ended {:.3f} s, cleaned up {:.3f} s\n",
                     at(evidence.phases.first_output), at(evidence.phases.last_output), seconds(evidence.phases.ended),
                     seconds(evidence.phases.cleaned_up));
  out += fmt::format("console: {} bytes, {} lines{}, {} warnings\n", evidence.console_bytes, evidence.console_lines,
                     evidence.console_cut ? ", the middle was dropped" : "", evidence.warnings);
  for (const MarkerSeen& marker : evidence.markers) {
    out += fmt::format("marker '{}': {}\n", marker.text, at(marker.at));
  }
  section(out, "crash", evidence.crash_text);
  section(out, "registers", evidence.registers);
  section(out, "notes", evidence.notes);
  section(out, "screen", evidence.screen);
  section(out, "screen's history", evidence.screen_history);
  section(out, "the machine's own words", evidence.machine_words);
  section(out, "machine", evidence.back_end_version);
  section(out, "command", evidence.command);
  section(out, "devices", evidence.devices);
  return out;
}

std::string stable_reason(const BootEvidence& evidence) {
  const std::string_view stable = without_times(evidence.state);
  return stable.empty() ? evidence.detail : std::string(stable);
}

}  // namespace aios
