// SPDX-License-Identifier: Apache-2.0
// Runs one program to its end, whatever end that is: an exit, a crash, a deadline that passed. Reaps every orphan, and
// when the program is over nothing that it started is left to disturb the next one.
#pragma once

namespace aios::init {

struct RunEnvironment {
  const char* scenario;
  const char* mode;          // "exact" or "timed"
  long deadline_ms = 0;      // 0: none
  bool interactive = false;  // gets the console as its input, in a session of its own
};

struct Outcome {
  int exit_code = 0;
  int signal = 0;
  char detail[512] = "";  // why, when there is more to say than a number
};

void prepare_for_children();  // once, early
Outcome run_program(const char* const* argv, const RunEnvironment& environment);

}  // namespace aios::init
