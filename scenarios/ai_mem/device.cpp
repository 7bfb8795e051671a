// SPDX-License-Identifier: Apache-2.0
// Blocks and hardware: a device that reads and writes them, and the node that their memory is on.
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "scenarios/ai_mem/checks.h"
#include "scenarios/ai_mem/edu.h"
#include "scenarios/ai_mem/pool.h"

namespace aios::ai_mem {
namespace {

using lines::no;
using lines::refused;
using lines::skip;
using lines::yes;

constexpr const char* kNoPool = AI_MEM_DEVICE " does not open: is ai_mem loaded?";
constexpr const char* kNoDevice = "there is no edu device";

// Where there is no IOMMU a device's address is a physical one.
std::uint64_t address_of(const Pool& pool, const Edu& edu, unsigned block) {
  ai_mem_dma dma;
  if (pool.dma(edu.name(), block, 1, AI_MEM_DEVICE_READS, dma) != 0) return 0;
  pool.dma_end(dma.id);
  return dma.address;
}

}  // namespace

Outcome contiguous_run() {
  const Pool pool;
  const Edu edu;
  if (!pool.open()) return skip("%s", kNoPool);
  if (!edu.there()) return skip("%s", kNoDevice);
  ai_mem_alloc run;
  constexpr unsigned kCount = 1024;
  if (pool.take_run(kCount, AI_MEM_ANY_NODE, 0, run) != 0) return refused("a run of 1024");
  const std::uint64_t begin = address_of(pool, edu, run.first);
  for (unsigned i = 0; i < kCount; i += 31) {
    const std::uint64_t at = address_of(pool, edu, run.first + i);
    if (begin == 0 || at != begin + static_cast<std::uint64_t>(i) * kBlock) return no("block %u lies elsewhere", i);
  }
  ai_mem_info info;
  if (pool.info(info) != 0) return refused("info");
  return yes("1,024 blocks in one piece; the longest run of the pool is %u", info.longest);
}

Outcome device_reads_it() {
  const Pool pool;
  Edu edu;
  if (!pool.open()) return skip("%s", kNoPool);
  if (!edu.there()) return skip("%s", kNoDevice);
  const int from = pool.take(), to = pool.take();
  if (from < 0 || to < 0) return refused("two blocks");
  unsigned char* source = pool.map(static_cast<unsigned>(from), 1);
  unsigned char* target = pool.map(static_cast<unsigned>(to), 1);
  if (source == nullptr || target == nullptr) return refused("mmap");
  for (unsigned i = 0; i < kBlock; ++i) source[i] = static_cast<unsigned char>(i * 31 + 5);
  ai_mem_dma out, in;
  if (pool.dma(edu.name(), static_cast<unsigned>(from), 1, AI_MEM_DEVICE_READS, out) != 0) return refused("DMA out");
  if (pool.dma(edu.name(), static_cast<unsigned>(to), 1, AI_MEM_DEVICE_WRITES, in) != 0) return refused("DMA in");
  if (!edu.read_memory(out.address, kMostBytes)) return no("the device never ended its transfer");
  // So that only the device has them.
  std::memset(source, 0, kBlock);
  if (!edu.write_memory(in.address, kMostBytes)) return no("the device never ended its second transfer");
  for (unsigned i = 0; i < kMostBytes; ++i) {
    if (target[i] != static_cast<unsigned char>(i * 31 + 5)) return no("byte %u differs", i);
  }
  if (pool.dma_end(out.id) != 0 || pool.dma_end(in.id) != 0) return refused("ending the transfers");
  if (pool.dma_end(in.id) == 0) return no("a transfer could be ended twice");
  return yes("%u bytes through %s and back", kMostBytes, edu.name());
}

Outcome numa_local() {
  const Pool pool;
  const Edu edu;
  if (!pool.open()) return skip("%s", kNoPool);
  if (!edu.there()) return skip("%s", kNoDevice);
  const int here = own_node();
  ai_mem_info info;
  if (pool.info(info) != 0) return refused("info");
  if (info.nodes < 2) return skip("this machine has one node");
  for (int i = 0; i < 100; ++i) {
    const int block = pool.take();
    const std::uint64_t address = block < 0 ? 0 : address_of(pool, edu, static_cast<unsigned>(block));
    if (address == 0 || node_of_address(address) != here) return no("block %d is not on node %d", block, here);
  }
  for (int node = 0; node < 2; ++node) {
    ai_mem_alloc run;
    if (pool.take_run(32, node, AI_MEM_THIS_NODE_ONLY, run) != 0) return refused("a run on a node");
    const int physical = node_of_address(address_of(pool, edu, run.first));
    if (run.got_node != node || physical != node) return no("asked for node %d, got memory of node %d", node, physical);
  }
  ai_mem_alloc run;
  if (pool.take_run(1, 7, AI_MEM_THIS_NODE_ONLY, run) == 0) return no("a node that is not there gave memory");
  return yes("100 blocks on the processor's own node %d, runs on nodes 0 and 1", here);
}

Outcome no_privilege() {
  const Pool pool;
  if (!pool.open()) return skip("%s", kNoPool);
  const int block = pool.take();
  if (block < 0) return refused("a block");
  if (::syscall(SYS_setresuid, 65534, 65534, 65534) != 0) return refused("setresuid");
  ai_mem_dma dma;
  if (pool.dma("0000:00:00.0", static_cast<unsigned>(block), 1, AI_MEM_DEVICE_READS, dma) == 0 || errno != EPERM) {
    return no("an address was told, or refused with another error than EPERM");
  }
  if (const Pool another; another.open()) return no("nobody could open " AI_MEM_DEVICE);
  return yes("EPERM; and the device does not open for user 65534");
}

}  // namespace aios::ai_mem
