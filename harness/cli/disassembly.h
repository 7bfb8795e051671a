// SPDX-License-Identifier: Apache-2.0
// The code of one function of one side, as objdump reads it from the file that ran, ready to be compared.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/profiled_side.h"
#include "harness/judge/code_diff.h"
#include "harness/model/kernel.h"

namespace aios {

// `function`: as the profile names it; its files are those of the side's kernel, which must still be the one that ran.
Result<std::vector<CodeLine>> disassemble(const Context& context, Store& store, const ProfiledSide& side,
                                          const ProfiledFunction& function);

}  // namespace aios
