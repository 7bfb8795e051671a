// SPDX-License-Identifier: Apache-2.0
// What a person asked for, as a value: enough to plan the same run again. Stored in every bundle as request.json;
// `run --repeat` reads it from there.
#pragma once

#include <string>
#include <vector>

#include "harness/model/machine.h"
#include "harness/model/subject.h"

namespace aios {

struct RunRequest {
  Subject subject;                     // with --append and --sysctl in it
  std::vector<std::string> scenarios;  // names, "core" or "all"; none: core
  std::string machine;                 // none: chosen by the mode
  Mode mode = Mode::automatic;
  int perturb = 0;                   // so many null changes besides the boot as it is
  int boots = 0;                     // of each; 0: what the mode needs
  std::vector<std::string> markers;  // black boxes: in order
  double timeout_seconds = 0;        // of a boot; 0: what the scenarios say
  std::string label;
  bool cold = false;  // boot each anew, never go on from a saved guest
};

std::string request_to_json(const RunRequest& request);
Result<RunRequest> request_from_json(const std::string& text, const std::string& where);

std::string_view to_string(Mode mode);
Result<Mode> parse_mode(std::string_view text);

}  // namespace aios
