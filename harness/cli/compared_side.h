// SPDX-License-Identifier: Apache-2.0
// One side of a comparison: the stored run that a word names, or, where there is none, or more is said of how it is to
// be measured, a run made now.
#pragma once

#include <string>

#include "harness/cli/context.h"
#include "harness/cli/run_flags.h"
#include "harness/model/run_record.h"
#include "harness/store/store.h"

namespace aios {

// `fresh`: measured now even where a run is stored.
Result<RunRecord> compared_side(const Context& context, Store& store, const std::string& word, const RunFlags& how,
                                bool fresh);

}  // namespace aios
