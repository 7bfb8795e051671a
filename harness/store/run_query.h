// SPDX-License-Identifier: Apache-2.0
// What a list of runs shows, and by what runs are chosen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aios {

struct RunSummary {
  std::string id, started, finished;
  std::string subject, kernel, machine, mode, fidelity, label, outcome;
  std::vector<std::string> scenarios;
  std::int64_t boots = 0, samples = 0;
  std::int64_t lab_faults = 0;  // boots, and attempts at them, that failed for the lab's reasons
  bool own_words = false;       // run with --append or --sysctl
  bool sealed = false;
  std::string seal;   // the bundle's hash
  std::string error;  // not empty: the bundle cannot be read, and why
};

// Empty fields do not choose.
struct RunFilter {
  std::string subject, kernel, machine, mode, label, outcome, scenario;
  bool sealed_only = false;
  std::size_t limit = 0;  // 0: all
};

}  // namespace aios
