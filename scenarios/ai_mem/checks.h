// SPDX-License-Identifier: Apache-2.0
// The lines of the scenario; main.cpp lists them.
#pragma once

#include "scenarios/lines.h"

namespace aios::ai_mem {

using lines::Outcome;

// whole_pool.cpp
Outcome blocks(), next_is_refused(), all_given_back(), statistics_true(), document_form();
// memory.cpp
Outcome mapping(), outlives_free(), nothing_shows_through(), dma_buf();
// device.cpp
Outcome contiguous_run(), device_reads_it(), numa_local(), no_privilege();
// refusals.cpp
Outcome bad_input_refused(), loads_in_a_second(), refused_whole();

}  // namespace aios::ai_mem
