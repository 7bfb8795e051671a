// SPDX-License-Identifier: Apache-2.0
// The driver's command line:
//   operations SCENARIO... [--exact N [--exact-for WORD=N]...] [--timed SECONDS [--cycles]] [--match REGEX]
//              [--console] [--list]
// --exact runs each operation N times between the host's marks, --timed for that long by the guest's own clock, and
// --cycles gives the times in ticks of the time-stamp counter;
// --console prints Google Benchmark's table instead of frames. No scenario: all of them.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace aios::bench {

struct Options {
  std::vector<std::string> scenarios;
  long exact = 0;  // 0: timed
  std::map<std::string, long> exact_for;
  double timed = 0.2;
  bool cycles = false;  // timed: by the time-stamp counter
  std::string match;
  bool console = false;
  bool list = false;
  std::string folder = "/tmp";
  std::string error;  // not empty: what was wrong with the command line
};

Options parse_options(int count, char** words);

// How often in exact mode: what --exact-for says of the metric or of one word of its name, else --exact.
long exact_iterations(const Options& options, const std::string& metric);

}  // namespace aios::bench
