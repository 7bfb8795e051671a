// SPDX-License-Identifier: Apache-2.0
// From what the guest said and what the host counted to samples: a region is named by the guest's frame and measured by
// the host's counts; what measuring itself costs (the region `_overhead`) is taken off. Pure. Where the two sides do
// not fit together there are no samples but an error: a figure that cannot be explained is not stored.
#pragma once

#include <string>
#include <vector>

#include "harness/guest/message.h"
#include "harness/machine/qemu/counts.h"
#include "harness/model/scenario.h"

namespace aios {

struct AssemblyInput {
  const std::vector<Message>* messages = nullptr;
  const GuestCounts* counts = nullptr;  // null: this machine does not count
  bool exact = true;
  Fidelity fidelity = Fidelity::exact;
  int boot = 0, perturbation = 0;
  std::vector<std::string> scenarios;  // that this boot was to run in the guest
};

struct AssembledSamples {
  std::vector<Sample> samples;
  std::vector<std::string> failed;  // scenarios whose program crashed, failed or never ended
  std::vector<std::string> notes;   // what was skipped, and why a scenario failed
};

Result<AssembledSamples> assemble_samples(const AssemblyInput& input);

// What a figure of this unit is worth on a machine of this fidelity: a size is no less a size for being read on an
// emulator, but only an exact machine gives it again to the byte.
Fidelity fidelity_of(Unit unit, Fidelity machine);

}  // namespace aios
