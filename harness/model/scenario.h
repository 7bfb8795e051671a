// SPDX-License-Identifier: Apache-2.0
// A scenario: what is measured, as scenarios/NAME/scenario.toml describes it. It needs abilities of a machine, runs one
// program in the guest (or none: `boot` is seen from outside), and promises metrics.
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
  bool core = true;                // part of "--scenario core"
  std::int64_t order = 50;         // where several run in one boot: the lower first (then by name)
  std::vector<std::string> needs;  // abilities: "guest_program", "smp", "disk", "network", "gpu", ...
  bool panics = false;  // its program makes the kernel panic; what is measured is what comes after (fault_boot.h)
  std::string program;  // guest program: "operations" (Google Benchmark driver), "checklist", or ""
  std::vector<std::string> arguments;    // e.g. the operations' filter
  std::int64_t exact_iterations = 1000;  // of each operation in exact mode
  // Fewer or more for some: by metric name, or by one word of it ("1MB" speaks of ipc.pipe.1MB.round_trip).
  std::map<std::string, std::int64_t> exact_iterations_for;
  double timed_seconds = 0.5;    // of each operation in timed mode
  double deadline_seconds = 60;  // on hardware; scaled where the machine is slower
  std::int64_t memory_mb = 256;
  std::int64_t numa_nodes = 1;       // what the machine has is spread over so many
  std::vector<std::string> devices;  // emulated ones to plug in, as QEMU calls them: "edu"
  std::map<std::string, std::vector<std::string>> module_parameters;  // of modules built for the subject, by name
  std::map<std::string, std::vector<std::string>> dimensions;         // "size": ["1B","64B",...]
  std::vector<Metric> metrics;                                        // the dimensions' placeholders filled in
};

// The command line of the scenario's program in the guest: its arguments, and for "operations" how often or how long
// each operation runs. What follows `run SCENARIO PROGRAM` in the guest's orders.
std::vector<std::string> program_arguments(const Scenario& scenario, bool exact);

}  // namespace aios
