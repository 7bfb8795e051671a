// SPDX-License-Identifier: Apache-2.0
// The raw counters that translated code adds to, and how a vector is read from them.
//
// QEMU executes a rep string instruction once an iteration, and once more for the final test of the count. Only an
// iteration that really happened touches memory: executions minus accesses is the number of times the instruction was
// started. For scas and cmps, which may end early, a callback tells a resumed execution from a start instead.
#pragma once

#include "classes.h"

namespace aios::count {

struct Counters {
  Vector started{};                 // executions begun, by class; started[kInstructions] includes every rep execution
  std::uint64_t rep_plain = 0;      // movs (its stores), stos, lods: one counted access an iteration
  std::uint64_t rep_outs = 0;       // one access an iteration, and a port access
  std::uint64_t rep_ins_twice = 0;  // QEMU stores once before it reads the port, to be restartable: two an iteration
  std::uint64_t rep_compared = 0;   // iterations of scas and cmps
  std::uint64_t rep_resumed = 0;    // executions of scas and cmps that went on with the next iteration

  std::uint64_t counted_by_access() const { return rep_plain + rep_outs + rep_ins_twice / 2; }

  // What read() has for kInstructions, without the rest.
  std::int64_t executed() const {
    return static_cast<std::int64_t>(started[kInstructions] - counted_by_access() - rep_resumed);
  }

  Vector read() const {
    Vector v = started;
    v[kInstructions] -= counted_by_access() + rep_resumed;
    v[kRepIterations] = counted_by_access() + rep_compared;
    v[kPortIo] += rep_outs + rep_ins_twice / 2;
    return v;
  }
};

}  // namespace aios::count
