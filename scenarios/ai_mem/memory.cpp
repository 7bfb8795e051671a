// SPDX-License-Identifier: Apache-2.0
// What is in a block, who sees it, and how long.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "scenarios/ai_mem/checks.h"
#include "scenarios/ai_mem/pool.h"

namespace aios::ai_mem {
namespace {

using lines::no;
using lines::refused;
using lines::skip;
using lines::yes;

constexpr const char* kNoPool = AI_MEM_DEVICE " does not open: is ai_mem loaded?";

bool all_are(const unsigned char* at, unsigned char value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) {
    if (at[i] != value) return false;
  }
  return true;
}

// Everything that is free, taken, so that the next block is one of those given back since.
void take_rest(const Pool& pool) {
  while (pool.take() >= 0) {
  }
}

}  // namespace

Outcome mapping() {
  const Pool pool;
  if (!pool.open()) return skip("%s", kNoPool);
  ai_mem_alloc run;
  if (pool.take_run(16, AI_MEM_ANY_NODE, 0, run) != 0) return refused("a run of 16");
  unsigned char* one = pool.map(run.first, 16);
  unsigned char* other = pool.map(run.first + 4, 4);
  if (one == nullptr || other == nullptr) return refused("mmap");
  for (unsigned i = 0; i < 16 * kBlock; ++i) one[i] = static_cast<unsigned char>(i * 7 + i / kBlock);
  if (std::memcmp(one + 4 * kBlock, other, 4 * kBlock) != 0) return no("two mappings of a block differ");
  const pid_t child = ::fork();
  if (child == 0) {
    other[0] = 0x5a;
    ::_exit(std::memcmp(one + 4 * kBlock, other, 4 * kBlock) == 0 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0 || one[4 * kBlock] != 0x5a) return no("a child does not share it");
  // A hole in the middle: the rest stays, the blocks stay in use.
  unmap(one + 8 * kBlock, 2);
  if (one[7 * kBlock] != static_cast<unsigned char>(7 * kBlock * 7 + 7)) return no("unmapping a part lost another");
  const Pool foreign;
  if (foreign.map(run.first, 1) != nullptr || errno != EINVAL) return no("another file's blocks could be mapped");
  if (pool.map(run.first, 70'000) != nullptr) return no("more than the pool could be mapped");
  return yes("16 blocks, in two mappings and two processes");
}

Outcome outlives_free() {
  const Pool pool, other;
  if (!pool.open() || !other.open()) return skip("%s", kNoPool);
  const int block = pool.take();
  unsigned char* at = block < 0 ? nullptr : pool.map(static_cast<unsigned>(block), 1);
  if (at == nullptr) return refused("a mapped block");
  std::memset(at, 0xa5, kBlock);
  if (pool.give(static_cast<unsigned>(block)) != 0) return refused("free of a mapped block");
  if (statistic("Held:") != 1) return no("%lld are held, not 1", statistic("Held:"));
  if (pool.map(static_cast<unsigned>(block), 1) != nullptr) return no("a freed block can be mapped anew");
  take_rest(other);
  if (statistic("Held:") != 1 || statistic("Free:") != 0) return no("somebody else got it");
  if (!all_are(at, 0xa5, kBlock)) return no("its bytes changed");
  unmap(at, 1);
  if (statistic("Held:") != 0 || statistic("Free:") != 1) return no("it is not free after the unmapping");
  return other.take() == block ? yes("held while it is mapped, free afterwards") : no("it cannot be had again");
}

Outcome nothing_shows_through() {
  const Pool pool;
  Pool first;
  if (!pool.open()) return skip("%s", kNoPool);
  constexpr unsigned kCount = 64;
  ai_mem_alloc run;
  if (first.take_run(kCount, AI_MEM_ANY_NODE, 0, run) != 0) return refused("a run");
  unsigned char* at = first.map(run.first, kCount);
  if (at == nullptr) return refused("mmap");
  if (!all_are(at, 0, kCount * kBlock)) return no("a fresh block holds what the kernel left");
  std::memset(at, 0xee, kCount * kBlock);
  unmap(at, kCount);
  first.close();
  const unsigned wanted = run.first;
  if (pool.take_run(kCount, AI_MEM_ANY_NODE, 0, run) != 0) return refused("a run again");
  if (run.first != wanted) return no("the blocks are others: %u, not %u", run.first, wanted);
  at = pool.map(run.first, kCount);
  if (at == nullptr) return refused("mmap again");
  if (!all_are(at, 0, kCount * kBlock)) return no("the last owner's bytes are there");
  std::memset(at, 0x11, kCount * kBlock);
  unmap(at, kCount);
  at = pool.map(run.first, kCount);
  if (at == nullptr || !all_are(at, 0x11, kCount * kBlock))
    return no("mapped again by the same owner, its own bytes are gone");
  return yes("%u blocks, all zeros for the next owner", kCount);
}

Outcome dma_buf() {
  Pool pool;
  if (!pool.open()) return skip("%s", kNoPool);
  ai_mem_alloc run;
  if (pool.take_run(8, AI_MEM_ANY_NODE, 0, run) != 0) return refused("a run");
  const int buffer = pool.export_run(run.first, 8);
  if (buffer < 0 && errno == EOPNOTSUPP) return skip("this kernel is built without dma-buf");
  if (buffer < 0) return refused("export");
  unsigned char* own = pool.map(run.first, 8);
  if (own == nullptr) return refused("mmap");
  std::memset(own, 0x77, 8 * kBlock);
  void* there = ::mmap(nullptr, 8 * kBlock, PROT_READ | PROT_WRITE, MAP_SHARED, buffer, 0);
  if (there == MAP_FAILED) return refused("mmap of the dma-buf");
  auto* shown = static_cast<unsigned char*>(there);
  if (!all_are(shown, 0x77, 8 * kBlock)) return no("the dma-buf shows other bytes");
  unmap(own, 8);
  pool.close();
  if (statistic("Held:") != 8) return no("%lld blocks are held by the dma-buf, not 8", statistic("Held:"));
  if (!all_are(shown, 0x77, 8 * kBlock)) return no("its bytes went with the file");
  unmap(shown, 8);
  ::close(buffer);
  for (int waited = 0; waited < 1000 && statistic("Held:") != 0; ++waited) ::usleep(1000);
  return statistic("Held:") == 0 ? yes("8 blocks, read through it after the file was closed")
                                 : no("%lld blocks are still held", statistic("Held:"));
}

}  // namespace aios::ai_mem
