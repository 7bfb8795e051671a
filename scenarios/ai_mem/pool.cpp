// SPDX-License-Identifier: Apache-2.0
#include "scenarios/ai_mem/pool.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace aios::ai_mem {
namespace {

constexpr const char* kModule = "/lib/modules/extra/ai_mem.ko";

}  // namespace

Pool::Pool() : fd_(::open(AI_MEM_DEVICE, O_RDWR | O_CLOEXEC)) {}
Pool::~Pool() { close(); }

void Pool::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

int Pool::take() const { return ::ioctl(fd_, AI_MEM_ALLOC_BLOCK, 0); }
int Pool::give(unsigned long block) const { return ::ioctl(fd_, AI_MEM_FREE_BLOCK, block); }

int Pool::take_run(unsigned count, int node, unsigned flags, ai_mem_alloc& out) const {
  out = {};
  out.size = sizeof out;
  out.flags = flags;
  out.count = count;
  out.node = node;
  return ::ioctl(fd_, AI_MEM_ALLOC, &out);
}

int Pool::give_run(unsigned first, unsigned count) const {
  ai_mem_range range = {};
  range.size = sizeof range;
  range.first = first;
  range.count = count;
  return ::ioctl(fd_, AI_MEM_FREE, &range);
}

int Pool::info(ai_mem_info& out) const {
  out = {};
  out.size = sizeof out;
  return ::ioctl(fd_, AI_MEM_INFO, &out);
}

int Pool::dma(const char* device, unsigned first, unsigned count, unsigned flags, ai_mem_dma& out) const {
  out = {};
  out.size = sizeof out;
  out.flags = flags;
  out.first = first;
  out.count = count;
  unsigned slot = 0, function = 0;
  if (std::sscanf(device, "%x:%x:%x.%x", &out.domain, &out.bus, &slot, &function) != 4) return errno = EINVAL, -1;
  out.devfn = slot << 3 | function;
  return ::ioctl(fd_, AI_MEM_DMA_MAP, &out);
}

int Pool::dma_end(unsigned id) const { return ::ioctl(fd_, AI_MEM_DMA_UNMAP, static_cast<unsigned long>(id)); }

int Pool::export_run(unsigned first, unsigned count) const {
  ai_mem_export ask = {};
  ask.size = sizeof ask;
  ask.flags = O_CLOEXEC;
  ask.first = first;
  ask.count = count;
  return ::ioctl(fd_, AI_MEM_EXPORT, &ask) == 0 ? ask.fd : -1;
}

unsigned char* Pool::map(unsigned first, unsigned count) const {
  void* at = ::mmap(nullptr, static_cast<std::size_t>(count) * kBlock, PROT_READ | PROT_WRITE, MAP_SHARED, fd_,
                    static_cast<off_t>(first) * kBlock);
  return at == MAP_FAILED ? nullptr : static_cast<unsigned char*>(at);
}

void unmap(void* at, unsigned count) { ::munmap(at, static_cast<std::size_t>(count) * kBlock); }

bool read_text(const char* path, char* to, unsigned long size) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  unsigned long length = 0;
  while (length < size - 1) {
    const ssize_t got = ::read(file, to + length, size - 1 - length);
    if (got <= 0) break;
    length += static_cast<unsigned long>(got);
  }
  to[length] = '\0';
  ::close(file);
  return true;
}

namespace {

long long number_after(const char* text, const char* name) {
  for (const char* line = text; line != nullptr && *line != '\0'; line = std::strchr(line, '\n')) {
    if (*line == '\n') ++line;
    if (std::strncmp(line, name, std::strlen(name)) == 0) return std::strtoll(line + std::strlen(name), nullptr, 10);
  }
  return -1;
}

}  // namespace

long long statistic(const char* name) {
  static char text[65536];
  return read_text("/proc/ai_memory", text, sizeof text) ? number_after(text, name) : -1;
}

bool client_line(int pid, unsigned& blocks, unsigned& mapped) {
  static char text[65536];
  if (!read_text("/proc/ai_memory", text, sizeof text)) return false;
  char name[32];
  std::snprintf(name, sizeof name, "\nClient %d:", pid);
  const char* at = std::strstr(text, name);
  return at != nullptr && std::sscanf(at + std::strlen(name), " blocks %u mapped %u", &blocks, &mapped) == 2;
}

long long memory_kb(const char* name) {
  char text[4096];
  return read_text("/proc/meminfo", text, sizeof text) ? number_after(text, name) : -1;
}

bool load_module(const char* parameters) {
  const int file = ::open(kModule, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool loaded = ::syscall(SYS_finit_module, file, parameters, 0) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  return loaded;
}

bool unload_module() { return ::syscall(SYS_delete_module, "ai_mem", O_NONBLOCK) == 0; }

bool kernel_log_has(const char* text) {
  constexpr int kReadAll = 3;
  static char log[1 << 18];
  const int length = ::klogctl(kReadAll, log, sizeof log - 1);
  log[length > 0 ? length : 0] = '\0';
  return std::strstr(log, text) != nullptr;
}

int node_of_address(std::uint64_t address) {
  static char text[65536];
  if (!read_text("/proc/zoneinfo", text, sizeof text)) return -1;
  const auto frame = address / kBlock;
  int node = -1, best = -1;
  unsigned long long start = 0, spanned = 0, best_start = 0;
  for (const char* line = text; line != nullptr; line = std::strchr(line, '\n')) {
    if (*line == '\n') ++line;
    int number = 0;
    if (std::sscanf(line, "Node %d, zone", &number) == 1) {
      node = number;
      spanned = 0;
    }
    if (std::sscanf(line, " spanned %llu", &start) == 1) spanned = start;
    if (std::sscanf(line, " start_pfn: %llu", &start) != 1 || spanned == 0) continue;
    if (start > frame || frame >= start + spanned || (best >= 0 && start < best_start)) continue;
    best = node;
    best_start = start;
  }
  return best;
}

int own_node() {
  unsigned processor = 0, node = 0;
  return ::syscall(SYS_getcpu, &processor, &node, nullptr) == 0 ? static_cast<int>(node) : -1;
}

}  // namespace aios::ai_mem
