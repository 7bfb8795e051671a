// SPDX-License-Identifier: Apache-2.0
// Null changes: what moves a figure without the kernel having changed. In exact mode the seed changes nothing, so these
// are the population that a figure is judged against. A pure function of the index, so that both sides of a comparison
// get the same ones.
#pragma once

#include <vector>

#include "harness/model/run_record.h"

namespace aios {

// Index 0 changes nothing; then padding on the command line, memory size, phase of the tick, and again, each time more.
Perturbation perturbation(int index);
std::vector<Perturbation> perturbations(int count);  // 0 to count

}  // namespace aios
