// SPDX-License-Identifier: Apache-2.0
// A boot's points in time as stretches with a length: what each phase and each initcall took, in instructions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

struct Stretch {
  std::string name;
  std::int64_t instructions = 0;
};

struct BootTimeline {
  int boot = 0;
  std::vector<Stretch> phases;     // in order, up to `ready`
  std::vector<Stretch> initcalls;  // the longest first; each until the next point
  std::int64_t total = 0;          // of the phases
};

// Of the first unperturbed boot that went well and has points; empty phases where there is none.
BootTimeline boot_timeline(const RunRecord& run);

}  // namespace aios
