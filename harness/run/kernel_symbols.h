// SPDX-License-Identifier: Apache-2.0
// The addresses that are watched in a planned run: from the kernel's System.map where it has one, from its ELF header
// where it has not, and the way in that this machine takes. None in timed mode and for black boxes.
#pragma once

#include <vector>

#include "harness/model/kernel.h"
#include "harness/run/boot_symbols.h"
#include "harness/run/plan.h"

namespace aios {

Result<std::vector<BootSymbol>> kernel_symbols(const Plan& plan, const BuiltKernel& kernel);

}  // namespace aios
