// SPDX-License-Identifier: Apache-2.0
// The pool as a program uses it: an open /dev/ai_memory, and /proc/ai_memory read back.
#pragma once

#include <cstdint>

#include "kernels/codex/ai_mem/ai_mem_uapi.h"

namespace aios::ai_mem {

inline constexpr unsigned kBlock = AI_MEM_BLOCK_SIZE;

// Every call gives what ioctl gave: 0 or more, or -1 with errno.
class Pool {
 public:
  Pool();
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  void close();
  int take() const;  // one block: its number
  int give(unsigned long block) const;
  int take_run(unsigned count, int node, unsigned flags, ai_mem_alloc& out) const;
  int give_run(unsigned first, unsigned count) const;
  int info(ai_mem_info& out) const;
  int dma(const char* device, unsigned first, unsigned count, unsigned flags, ai_mem_dma& out) const;
  int dma_end(unsigned id) const;
  int export_run(unsigned first, unsigned count) const;      // a dma-buf
  unsigned char* map(unsigned first, unsigned count) const;  // nullptr, errno

 private:
  int fd_;
};

void unmap(void* at, unsigned count);

// A line of /proc/ai_memory by its beginning ("Used:"), as a number; -1 where there is none.
long long statistic(const char* name);
// What it says of the client with this pid; false: nothing.
bool client_line(int pid, unsigned& blocks, unsigned& mapped);
// A file's beginning.
bool read_text(const char* path, char* to, unsigned long size);
long long memory_kb(const char* name);  // of /proc/meminfo: "MemFree:"

bool load_module(const char* parameters);  // errno
bool unload_module();
bool kernel_log_has(const char* text);

// The NUMA node of a physical address, by /proc/zoneinfo; -1 if it is none's.
int node_of_address(std::uint64_t address);
// The node that this process runs on.
int own_node();

}  // namespace aios::ai_mem
