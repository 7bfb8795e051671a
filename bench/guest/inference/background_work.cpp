// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "bench/guest/inference/background.h"
#include "bench/guest/inference/background_counters.h"
#include "bench/guest/inference/memory.h"

namespace aios::inference {
namespace {

constexpr std::size_t kPage = 4096;
constexpr int kTurns = 10'000;
constexpr std::size_t kMapped = 4U << 20;
constexpr std::size_t kWritten = 64U << 10;
constexpr std::size_t kChunk = 2U << 20;

// Ready, and then held until all of the others are.
void wait_at(int gate, BackgroundCounters::Slot& slot) {
  slot.ready.store(1, std::memory_order_release);
  char nothing;
  if (::read(gate, &nothing, 1) < 0) ::_exit(3);
}

void count(BackgroundCounters::Slot& slot) {
  slot.rounds.store(slot.rounds.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void hog(BackgroundCounters::Slot& slot) {
  for (;;) {
    for (int turn = 0; turn < kTurns; ++turn) __asm__ volatile("" ::"r"(turn));
    count(slot);
  }
}

void touch(char* memory, std::size_t size) {
  for (std::size_t at = 0; at < size; at += kPage) static_cast<volatile char*>(memory)[at] = 1;
}

int faults(BackgroundCounters::Slot& slot) {
  for (;;) {
    void* memory = ::mmap(nullptr, kMapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 3;
    ::madvise(memory, kMapped, MADV_NOHUGEPAGE);
    touch(static_cast<char*>(memory), kMapped);
    ::munmap(memory, kMapped);
    count(slot);
  }
}

int write_and_read(int file, BackgroundCounters::Slot& slot) {
  static char bytes[kWritten];
  for (unsigned round = 0;; ++round) {
    std::memset(bytes, static_cast<int>(round), sizeof bytes);
    if (::pwrite(file, bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) return 3;
    ::fdatasync(file);  // a file system without a disk has nothing to do
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    if (::pread(file, bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) return 3;
    count(slot);
  }
}

// More than is free, a chunk after the other, each handed back (MADV_FREE) once touched: the kernel must reclaim for
// ever, and can, without a disk to swap to.
void fill(char* memory, std::size_t size, BackgroundCounters::Slot* slot) {
  for (std::size_t at = 0; at + kChunk <= size; at += kChunk) {
    touch(memory + at, kChunk);
    ::madvise(memory + at, kChunk, MADV_FREE);
    if (slot != nullptr) count(*slot);
  }
}

char* pressure_memory(std::size_t& size) {
  // First in line, should it come to that.
  if (std::FILE* score = std::fopen("/proc/self/oom_score_adj", "w")) {
    std::fputs("1000", score);
    std::fclose(score);
  }
  const long long free = available_memory();
  if (free <= 0) return nullptr;
  size = (static_cast<std::size_t>(free) / 4 * 5 / kChunk + 1) * kChunk;
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  ::madvise(memory, size, MADV_NOHUGEPAGE);
  return static_cast<char*>(memory);
}

}  // namespace

int run_background(const Options& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  BackgroundCounters* counters = BackgroundCounters::map(options.counters);
  if (counters == nullptr) return 3;
  BackgroundCounters::Slot& slot = counters->slots[std::min(options.slot, BackgroundCounters::kMost - 1)];
  const std::string_view work = options.background;
  if (work == to_string(Work::hog)) {
    wait_at(options.gate, slot);
    hog(slot);
  } else if (work == to_string(Work::faults)) {
    wait_at(options.gate, slot);
    return faults(slot);
  } else if (work == to_string(Work::io)) {
    const int file = ::open(options.folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) return 3;
    wait_at(options.gate, slot);
    return write_and_read(file, slot);
  } else if (work == to_string(Work::memory)) {
    std::size_t size = 0;
    char* memory = pressure_memory(size);
    if (memory == nullptr) return 3;
    fill(memory, size, nullptr);
    wait_at(options.gate, slot);
    for (;;) fill(memory, size, &slot);
  }
  return 2;
}

}  // namespace aios::inference
