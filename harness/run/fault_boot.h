// SPDX-License-Identifier: Apache-2.0
// A scenario whose kernel must panic: the log of that is kept, and the same saved guest goes on once more. What any
// other scenario does passes through.
#pragma once

#include "harness/run/boot_attempt.h"

namespace aios {

// Such a scenario ended as it should: not the kernel's fault.
bool panicked_as_asked(const Plan& plan, const PlannedBoot& boot, const BootAttempt& attempt);

// attempt_boot, and after a panic that was asked for, the boot that follows it.
Result<BootAttempt> attempt_with_fault(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel,
                                       const std::vector<BootSymbol>& symbols, const RunEnv& env);

}  // namespace aios
