// SPDX-License-Identifier: Apache-2.0
// What PID 1 of a guest does and says, said for a program that runs on this host: the frames before and after it, and
// what can be told of a process that hangs or has failed.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "harness/guest/frame.h"
#include "harness/support/process.h"

namespace aios::host {

// hello, ready and begin: as a guest's console has them before its program runs.
std::string begin_frames(const std::string& scenario);
// end and done.
std::string end_frames(const std::string& scenario, const ExitState& state, const std::string& last_words);

// The last line of an output that is no frame.
std::string last_words(std::string_view output);

// The processes of a group.
std::vector<pid_t> process_group(pid_t group);
// "operations (1234): sleeping in futex_wait"
std::string describe_process(pid_t pid);

}  // namespace aios::host
