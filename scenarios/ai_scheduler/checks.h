// SPDX-License-Identifier: Apache-2.0
// The lines, by what they are about: state.cpp, find.cpp, priority.cpp, gpu.cpp, refusals.cpp.
#pragma once

#include "scenarios/lines.h"

namespace aios::scheduler {

lines::Outcome proc_state();
lines::Outcome own_pid_namespace();
lines::Outcome finds_inference();
lines::Outcome leaves_others_alone();
lines::Outcome follows_gpu_state();
lines::Outcome raises_priority();
lines::Outcome puts_priority_back();
lines::Outcome real_time_class();
lines::Outcome refuses_bad_input();

}  // namespace aios::scheduler
