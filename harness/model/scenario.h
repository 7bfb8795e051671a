// SPDX-License-Identifier: Apache-2.0
// A scenario: what is measured, as scenarios/NAME/scenario.toml describes it. It needs abilities of a machine, runs one
// program in the guest (or none: `boot` and `footprint` are seen from outside), and promises metrics.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/model/metric.h"

namespace aios {

struct Scenario {
  std::string name;
  std::string description;
  std::filesystem::path folder;
  bool core = true;                      // part of "--scenario core"
  std::vector<std::string> needs;        // abilities: "guest_program", "smp", "disk", "network", "gpu", ...
  std::string program;                   // guest program: "operations" (Google Benchmark driver), "checklist", or ""
  std::vector<std::string> arguments;    // e.g. the operations' filter
  std::int64_t exact_iterations = 1000;  // of each operation in exact mode
  double timed_seconds = 0.5;            // of each operation in timed mode
  double deadline_seconds = 60;          // on hardware; scaled where the machine is slower
  std::int64_t memory_mb = 256;
  std::map<std::string, std::vector<std::string>> dimensions;  // "size": ["1B","64B",...]
  std::vector<Metric> metrics;
};

}  // namespace aios
