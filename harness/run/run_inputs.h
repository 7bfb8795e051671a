// SPDX-License-Identifier: Apache-2.0
// What went into a run, by content: two runs with equal inputs must agree, and where they do not the inputs say why.
// What may be wanted later (configuration, symbols, audit) is kept as an artifact under its hash.
#pragma once

#include <map>
#include <string>

#include "harness/model/kernel.h"
#include "harness/run/plan.h"
#include "harness/store/store.h"

namespace aios {

Result<std::map<std::string, std::string>> run_inputs(Store& store, const Plan& plan, const BuiltKernel& kernel,
                                                      const fs::path& plugin);

}  // namespace aios
