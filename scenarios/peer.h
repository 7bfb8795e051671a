// SPDX-License-Identifier: Apache-2.0
// The other side of a conversation: a process or a thread that an operation starts in prepare and ends in finish. A
// process dies with its parent, so that a driver that crashes leaves nothing behind.
#pragma once

#include <linux/futex.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/sched.h>

#include "scenarios/operation.h"
#include "scenarios/sys.h"

namespace aios::scenario {

inline constexpr long kSigKill = 9;
inline constexpr long kSigChild = 17;
inline constexpr long kPage = 4096;

inline void* map_private(long size) { return sys::mmap(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS); }
inline void* map_shared(long size) { return sys::mmap(size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS); }

inline void close_pair(int (&ends)[2]) {
  for (int& fd : ends) {
    if (fd >= 0) sys::close(fd);
    fd = -1;
  }
}

// fork; the child runs body and exits when that returns.
inline long start_process(Context& context, void (*body)(Context&)) {
  const long pid = sys::fork();
  if (pid != 0) return pid;
  sys::call(__NR_prctl, PR_SET_PDEATHSIG, kSigKill, 0, 0, 0);
  body(context);
  sys::exit_process(0);
}

// Whatever it is doing. Does nothing for a pid that is none.
inline void end_process(long pid) {
  if (pid <= 0) return;
  sys::kill(pid, kSigKill);
  int status = 0;
  sys::wait4(pid, &status);
}

struct Thread {
  static constexpr long kStack = 64 * 1024;
  static constexpr long kFlags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                                 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;

  void* stack = nullptr;
  int running = 0;  // the thread's id while it runs; the kernel clears it and wakes who waits

  bool make_stack() {
    stack = map_private(kStack);
    return stack != nullptr;
  }
  long start(long (*body)(void*), void* argument) {
    return sys::clone_on_stack(kFlags, static_cast<char*>(stack) + kStack, body, argument, &running);
  }
  void join() {
    for (;;) {
      const int id = __atomic_load_n(&running, __ATOMIC_ACQUIRE);
      if (id == 0) return;
      sys::futex(reinterpret_cast<unsigned*>(&running), FUTEX_WAIT, static_cast<unsigned>(id));
    }
  }
  void free_stack() {
    if (stack != nullptr) sys::munmap(stack, kStack);
    stack = nullptr;
  }
};

}  // namespace aios::scenario
