// SPDX-License-Identifier: Apache-2.0
// What a command works with: everything that reaches outside the process comes in through here.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/paths.h"
#include "harness/support/cancel.h"
#include "harness/support/clock.h"
#include "harness/support/progress.h"

namespace aios {

struct Context {
  const Clock& clock;
  CancelToken& cancel;
  Progress& progress;  // to standard error
  Paths paths;
  std::string command_line;  // as typed, for the provenance
  bool colour = false;       // standard output is a terminal and NO_COLOR is not set
  std::FILE* out = stdout;

  // Results go to standard output; an error there (a closed pipe, a full disk) is infra_fault at the end of the
  // command.
  void print(std::string_view text) const { std::fwrite(text.data(), 1, text.size(), out); }
};

}  // namespace aios
