// SPDX-License-Identifier: Apache-2.0
// What a program that was killed may leave behind in the kernel although no process of it lives: System V message
// queues. Whatever else the guest programs make goes with their processes or with the scratch folder.
#pragma once

#include <sys/types.h>

#include <string_view>
#include <vector>

namespace aios::host {

// The nameless queues that one of these processes was the last to write to or to read from, out of /proc/sysvipc/msg.
std::vector<int> queues_of(std::string_view proc_sysvipc_msg, const std::vector<pid_t>& processes);
// Removes them; how many there were.
int remove_queues_of(const std::vector<pid_t>& processes);

}  // namespace aios::host
