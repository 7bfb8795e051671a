// SPDX-License-Identifier: Apache-2.0
// Under which conditions this host measures: what decides how fast it is and how much that varies. Only looked at: what
// belongs to the host is not changed. Recorded with every timed run, and shown by `doctor`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/support/files.h"

namespace aios::host {

struct Conditions {
  std::string processor_model;
  std::vector<int> allowed;  // processors that this process may run on
  int processor = 0;         // the one that programs are pinned to
  bool isolated = false;     // the kernel keeps others off it
  bool virtual_machine = false;
  std::string clock_source;          // "tsc"
  std::string governor, turbo, smt;  // empty: the host does not show it
  std::string mitigations;           // what the kernel does about its processor's weaknesses
  std::optional<double> load;        // the mean of the last minute
  std::optional<double> tsc_hz;      // calibrated; empty: no invariant counter
  std::string no_counters;           // why there are no hardware counters; empty: there are
};

// From the files below `root` ("/" but in tests), and from the processor itself.
Conditions read_conditions(const fs::path& root = "/");

// For a run's provenance: name and value of everything, what is not there said plainly.
std::map<std::string, std::string> to_map(const Conditions& conditions);
// Why figures taken now may be worse than they look; none on a host made for measuring.
std::vector<std::string> doubts(const Conditions& conditions);

// Which processor a program is pinned to: an isolated one, or else the last that is allowed, since the first ones serve
// most interrupts. The same answer for the same host.
int choose_processor(const std::vector<int>& allowed, const std::vector<int>& isolated);
// "0-3,8": as the kernel writes lists of processors.
std::vector<int> parse_processors(std::string_view text);
std::string processors_text(const std::vector<int>& processors);
std::vector<int> allowed_processors();
std::vector<int> isolated_processors(const fs::path& root = "/");
std::string processor_model(const fs::path& root = "/");

}  // namespace aios::host
