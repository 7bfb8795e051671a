// SPDX-License-Identifier: Apache-2.0
// The module from a program's side: loaded anew with the parameters that a line wants, asked and told through its
// device, read through /proc.
#pragma once

#include <sys/types.h>

#include <cstddef>

#include "kernels/codex/ai_scheduler/ai_scheduler_uapi.h"
#include "scenarios/lines.h"

namespace aios::scheduler {

inline constexpr const char* kModule = "/lib/modules/extra/ai_scheduler.ko";

bool unload();  // true: it is not there (any more)
// Out and in again. False: `problem` says why, as an outcome of the line (a skip where there is no such module).
bool load(const char* parameters, lines::Outcome& problem);

int device();  // a descriptor, kept open by nobody: close it, or the module cannot go
long control(unsigned long command, void* argument);  // 0 or -errno
bool info_of(pid_t pid, ai_sched_info& info);
bool statistics(ai_sched_stats& stats);
long register_task(pid_t pid, unsigned kind);
long unregister_task(pid_t pid);
long report_gpu(unsigned id, unsigned busy_percent, unsigned flags = 0);

// Reads a whole small file; false and errno.
bool read_whole(const char* path, char* to, std::size_t size);

void pause_ms(long milliseconds);
template <typename Done>
bool within_ms(long milliseconds, Done done) {
  for (long spent = 0; spent <= milliseconds; spent += 20) {
    if (done()) return true;
    pause_ms(20);
  }
  return false;
}

}  // namespace aios::scheduler
