// SPDX-License-Identifier: Apache-2.0
// A scenario that is a list of yes-or-no lines: each runs in a process of its own, so that one that crashes or hangs
// spoils no other, and says what it found as a frame. `main` of such a program is one call of run_lines.
#pragma once

#include <cstddef>

namespace aios::lines {

struct Outcome {
  enum Kind : char { yes, no, skipped } kind = no;
  char detail[200] = {};
  double count = 0;  // of a line that counts something
};

struct Line {
  const char* name;  // without the scenario's
  Outcome (*run)();
  bool counts = false;  // its figure is a sample, not a check
  int milliseconds = 20'000;
};

[[gnu::format(printf, 1, 2)]] Outcome yes(const char* format, ...);
[[gnu::format(printf, 1, 2)]] Outcome no(const char* format, ...);
[[gnu::format(printf, 1, 2)]] Outcome skip(const char* format, ...);
Outcome refused(const char* what);  // "no", with the error that errno holds
Outcome counted(double count, const char* detail);

// PROGRAM [--console] [--list] [--anywhere] [NAME...]; `own_mounts`: what a line mounts goes with it.
int run_lines(const char* scenario, const Line* lines, std::size_t count, int argc, char** argv,
              bool own_mounts = false);

template <std::size_t N>
int run_lines(const char* scenario, const Line (&lines)[N], int argc, char** argv) {
  return run_lines(scenario, lines, N, argc, argv);
}

}  // namespace aios::lines
