// SPDX-License-Identifier: Apache-2.0
// One run of make: logged whole, shown as objects done of those expected, stopped by Ctrl-C (with every compiler that
// it has started), and turned into its first error where it fails.
#pragma once

#include <string>
#include <vector>

#include "harness/build/build_env.h"
#include "harness/build/build_log.h"
#include "harness/build/toolchain.h"

namespace aios {

struct MakeRun {
  fs::path source;                 // the tree with the Makefile
  fs::path objects;                // O=
  fs::path module;                 // M=, or empty
  std::vector<std::string> words;  // targets and variables
  std::string title;               // "building aios"
  std::string subject;             // named in errors
  fs::path log;                    // appended to
  std::uint64_t expected = 0;      // steps; 0: not known
  double expected_seconds = 0;     // of a whole build; 0: not known
};

// The number of steps that make took.
Result<std::uint64_t> run_make(const MakeRun& run, const Toolchain& toolchain, const BuildEnv& env);

// What the last build of a kernel took, so that the next one can say how far it is.
struct BuildPace {
  std::uint64_t steps = 0;
  double seconds = 0;
};
BuildPace read_pace(const fs::path& file);
Status write_pace(const fs::path& file, const BuildPace& pace);
// For a kernel never built here: from the number of options that are on.
BuildPace guess_pace(const ConfigValues& config, int jobs);

}  // namespace aios
