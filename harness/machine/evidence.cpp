// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/evidence.h"

#include <fmt/format.h>

#include "harness/machine/text_rules.h"
#include "harness/support/text.h"

namespace aios {
namespace {

std::string tail_of(const BootEvidence& evidence) {
  constexpr std::size_t kShown = 8;
  const auto& lines = evidence.last_lines.empty() ? evidence.screen : evidence.last_lines;
  std::string text;
  for (std::size_t i = lines.size() > kShown ? lines.size() - kShown : 0; i < lines.size(); ++i) {
    text += fmt::format("\n    | {}", lines[i]);
  }
  return text.empty() ? ""
                      : fmt::format("\n  last on the {}:{}", evidence.last_lines.empty() ? "screen" : "console", text);
}

std::string hint_for(const BootEvidence& evidence) {
  if (const auto hint = refusal_hint(evidence.machine_words); !hint.empty()) return std::string(hint);
  switch (evidence.state) {
    case EndState::silence:
      return "it may speak elsewhere: ask for the screen, check console= on its command line, or the loader";
    case EndState::alive_but_invisible:
      return "it runs, but shows nothing on the serial line or the VGA text screen";
    case EndState::hang:
    case EndState::deadline:
      return "the registers are in the evidence; a slow machine may need a longer deadline";
    case EndState::machine_died:
      return "the emulator's own words are in the evidence";
    default:
      return {};
  }
}

}  // namespace

Status judge_end(const BootEvidence& evidence, std::string_view what) {
  if (evidence.wanted) return {};
  if (evidence.state == EndState::cancelled) return interrupted(fmt::format("{}: interrupted", what));
  Error error;
  // An end that would have been good for another plan is the kernel's doing.
  error.kind = blame(evidence.state);
  error.what = fmt::format("{}: {}: {}{}", what, to_string(evidence.state), evidence.detail, tail_of(evidence));
  error.hint = hint_for(evidence);
  return error;
}

}  // namespace aios
