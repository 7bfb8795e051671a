// SPDX-License-Identifier: Apache-2.0
// What is refused, and how: calls, and pools that cannot be.
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>

#include "scenarios/ai_mem/checks.h"
#include "scenarios/ai_mem/pool.h"

namespace aios::ai_mem {
namespace {

using lines::no;
using lines::refused;
using lines::skip;
using lines::yes;

constexpr const char* kNoPool = AI_MEM_DEVICE " does not open: is ai_mem loaded?";

bool gives(int error, const Pool& pool, unsigned long command, unsigned long argument) {
  errno = 0;
  return ::ioctl(pool.fd(), command, argument) == -1 && errno == error;
}

template <typename T>
bool gives(int error, const Pool& pool, unsigned long command, T argument) {
  return gives(error, pool, command, reinterpret_cast<unsigned long>(&argument));
}

ai_mem_alloc asking(unsigned count) {
  ai_mem_alloc ask = {};
  ask.size = sizeof ask;
  ask.count = count;
  ask.node = AI_MEM_ANY_NODE;
  return ask;
}

template <typename T, typename Change>
T changed(T value, Change change) {
  change(value);
  return value;
}

long long now_us() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000LL + time.tv_nsec / 1000;
}

// Loads what must be refused: with ENOMEM, with these words in the log, and without keeping memory.
bool refused_without_loss(const char* parameters, const char* words, char* why, unsigned long size) {
  constexpr long long kNoise = 2048;  // kB, of the kernel's own lists
  const long long before = memory_kb("MemFree:");
  if (load_module(parameters)) {
    std::snprintf(why, size, "%s was not refused", parameters);
  } else if (errno != ENOMEM) {
    std::snprintf(why, size, "%s gave error %d", parameters, errno);
  } else if (!kernel_log_has(words)) {
    std::snprintf(why, size, "%s: the log does not say '%s'", parameters, words);
  } else if (const long long after = memory_kb("MemFree:"); after < before - kNoise) {
    std::snprintf(why, size, "%s: %lld kB were free, then %lld", parameters, before, after);
  } else {
    return true;
  }
  return false;
}

}  // namespace

Outcome bad_input_refused() {
  const Pool pool;
  const Pool other;
  if (!pool.open() || !other.open()) return skip("%s", kNoPool);
  const int block = pool.take();
  if (block < 0) return refused("a block");
  struct Try {
    const char* what;
    bool held;
  };
  const auto own = static_cast<unsigned long>(block);
  void* hole = ::mmap(nullptr, kBlock, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const auto nowhere = reinterpret_cast<unsigned long>(hole);
  ai_mem_range foreign = {};
  foreign.size = sizeof foreign;
  foreign.first = static_cast<unsigned>(block);
  foreign.count = 1;
  ai_mem_info info = {};
  info.size = sizeof info;
  const Try tries[] = {
      {"an argument where there is none", gives(EINVAL, pool, AI_MEM_ALLOC_BLOCK, 1UL)},
      {"a block of another file", gives(EINVAL, other, AI_MEM_FREE_BLOCK, own)},
      {"a block past the end", gives(EINVAL, pool, AI_MEM_FREE_BLOCK, 65536UL)},
      {"a block far past the end", gives(EINVAL, pool, AI_MEM_FREE_BLOCK, ~0UL)},
      {"a range of another file", gives(EINVAL, other, AI_MEM_FREE, foreign)},
      {"a range that wraps", gives(EINVAL, pool, AI_MEM_FREE, changed(foreign, [](auto& r) { r.count = ~0U; }))},
      {"an empty range", gives(EINVAL, pool, AI_MEM_FREE, changed(foreign, [](auto& r) { r.count = 0; }))},
      {"flags of a range", gives(EINVAL, pool, AI_MEM_FREE, changed(foreign, [](auto& r) { r.flags = 1; }))},
      {"reserved bits", gives(EINVAL, pool, AI_MEM_FREE, changed(foreign, [](auto& r) { r.reserved = 1; }))},
      {"a wrong size", gives(EINVAL, pool, AI_MEM_FREE, changed(foreign, [](auto& r) { r.size = 4; }))},
      {"a wrong size of info", gives(EINVAL, pool, AI_MEM_INFO, changed(info, [](auto& i) { i.size = 0; }))},
      {"a run of none", gives(EINVAL, pool, AI_MEM_ALLOC, asking(0))},
      {"a run of too many", gives(EINVAL, pool, AI_MEM_ALLOC, asking(65537))},
      {"unknown flags", gives(EINVAL, pool, AI_MEM_ALLOC, changed(asking(1), [](auto& a) { a.flags = 2; }))},
      {"a node below none", gives(EINVAL, pool, AI_MEM_ALLOC, changed(asking(1), [](auto& a) { a.node = -2; }))},
      {"a node past all", gives(EINVAL, pool, AI_MEM_ALLOC, changed(asking(1), [](auto& a) { a.node = 1 << 20; }))},
      {"no pointer", gives(EFAULT, pool, AI_MEM_ALLOC, 0UL)},
      {"a pointer to nothing", gives(EFAULT, pool, AI_MEM_FREE, nowhere)},
      {"a pointer into the kernel", gives(EFAULT, pool, AI_MEM_INFO, 0xffffffff81000000UL)},
      {"an unknown command", gives(ENOTTY, pool, _IO('m', 0xaf), 0UL)},
      {"a known number of another size", gives(ENOTTY, pool, _IOWR('m', 0xa2, int), 0UL)},
      {"a transfer that never was", gives(EINVAL, pool, AI_MEM_DMA_UNMAP, 1UL)},
  };
  for (const Try& one : tries) {
    if (!one.held) return no("%s: not refused as it should be", one.what);
  }
  if (statistic("Used:") != 1 || statistic("Held:") != 0) return no("something leaked: %lld used", statistic("Used:"));
  return yes("%zu kinds of it; nothing leaked", sizeof tries / sizeof tries[0]);
}

Outcome loads_in_a_second() {
  if (statistic("Free:") < 0) return skip("%s", kNoPool);
  if (!unload_module()) return refused("unloading ai_mem");
  const long long began = now_us();
  if (!load_module("")) return refused("loading ai_mem");
  const long long taken = now_us() - began;
  return taken < 1'000'000 ? yes("%lld us, %lld of them for the pool", taken, statistic("Load Time:"))
                           : no("%lld us", taken);
}

Outcome refused_whole() {
  if (statistic("Free:") < 0) return skip("%s", kNoPool);
  if (!unload_module()) return refused("unloading ai_mem");
  char why[160] = {};
  const bool held = refused_without_loss("size_mb=65536", "a pool of 65536 MB was asked for", why, sizeof why) &&
                    // There is as much, but not on that node: some of it is had before that is known.
                    refused_without_loss("size_mb=384 node=0", "blocks could be had", why, sizeof why);
  if (!load_module("")) return refused("loading ai_mem again");
  return held ? yes("too large for the machine, and too large for a node") : no("%s", why);
}

}  // namespace aios::ai_mem
