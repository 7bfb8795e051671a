// SPDX-License-Identifier: Apache-2.0
// Processes that behave: each is this program, executed under the name that the line chooses, doing what inference does
// or what looks like it and is not.
#pragma once

#include <sys/types.h>

namespace aios::scheduler {

enum class Act {
  model,        // maps a GGUF file of 4 MiB and adds it up again and again
  large_file,   // the same over 66 MiB of no known format
  gpu,          // has a character device open (the line says which is a GPU) and computes
  compute,      // only computes
  sleep,        // waits
  idle_model,   // has the GGUF file mapped, has touched all of it, and waits
  read_once,    // goes through a GGUF file of 66 MiB once, page by page, computing on each
  memory,       // computes over anonymous memory of its own
  model_fork,   // as model, and starts a child of its own when told to (SIGUSR1), which computes
  model_exec,   // as model, and becomes `compute` when told to
  model_unmap,  // as model, and unmaps the file when told to
};

struct Actor {
  pid_t pid = -1;
  Actor(const char* name, Act act);
  ~Actor();  // ends it
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;
  bool alive() const { return pid > 0; }
  void tell() const;
  void end();
};

// The program's other life: acts and does not come back. False: this is no actor's command line.
bool act_if_told(int count, char** words);

int nice_of(pid_t pid);
bool set_nice(pid_t pid, int nice);
int child_of(pid_t pid);  // the first, or -1
bool runs_as(pid_t pid, const char* name);
unsigned long long processor_time_ns(pid_t pid);

}  // namespace aios::scheduler
