// SPDX-License-Identifier: Apache-2.0
// One attempt at one planned boot: image, machine, watching, counts, samples. Writes nothing outside its scratch
// folder, so that several can go side by side; what it found is stored by the one who asked.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/machine/evidence.h"
#include "harness/run/boot_symbols.h"
#include "harness/run/run_env.h"

namespace aios {

struct BootAttempt {
  BootRecord record;
  std::vector<Sample> samples;
  std::vector<Metric> metrics;                            // that only this boot's console made known
  std::vector<std::pair<std::string, std::string>> logs;  // what, text
  std::optional<Error> error;                             // why record.ok is not
  bool worth_another_try = false;                         // it may well go otherwise the next time
  bool reached_init = false;

  double wall_seconds = 0;
  std::optional<double> wall_to_init, wall_to_ready;
  std::string initramfs_hash, machine_version, machine_command;
  std::vector<std::string> devices;
  Fidelity fidelity = Fidelity::exact;
};

// An error only where there was no boot to speak of: cancelled, or a configuration that cannot be booted.
Result<BootAttempt> attempt_boot(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel,
                                 const std::vector<BootSymbol>& symbols, const RunEnv& env);

}  // namespace aios
