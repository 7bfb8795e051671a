// SPDX-License-Identifier: Apache-2.0
// The memory that the program and its background processes share: a cache line a process.
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <cstdint>

namespace aios::inference {

struct BackgroundCounters {
  static constexpr int kMost = 4096;

  struct alignas(64) Slot {
    std::atomic<std::uint64_t> rounds;
    std::atomic<std::uint32_t> ready;
  };
  Slot slots[kMost];

  // Of a memfd that has the size already; nullptr if it cannot be mapped.
  static BackgroundCounters* map(int file) {
    void* at = ::mmap(nullptr, sizeof(BackgroundCounters), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return at == MAP_FAILED ? nullptr : static_cast<BackgroundCounters*>(at);
  }
};

}  // namespace aios::inference
