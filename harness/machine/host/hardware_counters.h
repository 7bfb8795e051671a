// SPDX-License-Identifier: Apache-2.0
// Counters through perf_event_open, over everything that the next child of this thread does in user space and in the
// kernel: the processor's own (core cycles, instructions), and the kernel's (switches, migrations). Many virtual
// machines have none of the former, and the kernel may refuse them; then it says why, and nothing is made up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/support/unique_fd.h"

namespace aios::host {

struct Counted {
  std::string name;  // "cycles"
  std::uint64_t value = 0;
  bool kernel_too = true;  // false: only what was done in user space
  bool hardware = true;    // the processor counted, not the kernel
};

class HardwareCounters {
 public:
  // Opened before the child is started: they begin to count with its exec. `why_not` is empty where the hardware's are
  // there.
  static HardwareCounters for_next_child();

  bool available() const { return why_not_.empty(); }
  const std::string& why_not() const { return why_not_; }
  // What they have come to; whole once the child has been reaped. One that shared its counter with others is left out.
  std::vector<Counted> read() const;

 private:
  struct Open {
    std::string name;
    UniqueFd fd;
    bool kernel_too = true, hardware = true;
  };
  std::vector<Open> open_;
  std::string why_not_;
};

// "1,204,331,002 cycles, 901,334,118 instructions (0.75 a cycle)"
std::string describe(const std::vector<Counted>& counted);

}  // namespace aios::host
