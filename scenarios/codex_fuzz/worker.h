// SPDX-License-Identifier: Apache-2.0
// A process that makes calls by the seed's choice: the same seed, the same calls. What else there is of the machine's
// state, and the other workers, decide what becomes of them.
#pragma once

#include <atomic>
#include <cstdint>

namespace aios::fuzz {

struct Shared {  // between all processes
  std::atomic<std::uint64_t> calls{0}, removals{0};
  std::atomic<bool> stop{false};
};

struct WorkerOrder {
  std::uint64_t seed;
  std::uint64_t calls;
  const int* files;  // open before the workers were, one a target; -1: none
  bool privileged;
};

[[noreturn]] void work(const WorkerOrder& order, Shared& shared);

}  // namespace aios::fuzz
