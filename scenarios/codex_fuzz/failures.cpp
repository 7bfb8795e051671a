// SPDX-License-Identifier: Apache-2.0
// Memory refused: each allocation that an operation makes fails once, by /proc/self/fail-nth, until the operation goes
// through without meeting the failure. It must say so, and keep nothing.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "kernels/codex/ai_gpu/ai_gpu_uapi.h"
#include "kernels/codex/ai_mem/ai_mem_uapi.h"
#include "scenarios/codex_fuzz/lines_of_fuzz.h"
#include "scenarios/codex_fuzz/modules.h"
#include "scenarios/codex_fuzz/watch.h"

namespace aios::fuzz {
namespace {

using lines::no;
using lines::skip;
using lines::yes;

constexpr int kMostAllocations = 3000;

bool put(const char* path, const char* text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool done = ::write(file, text, std::strlen(text)) > 0;
  ::close(file);
  return done;
}

// Also what may wait for memory, also single pages; without a word.
bool failures_can_be_made() {
  ::mount("debugfs", "/sys/kernel/debug", "debugfs", 0, nullptr);
  const bool slabs = put("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
  put("/sys/kernel/debug/failslab/verbose", "0");
  put("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
  put("/sys/kernel/debug/fail_page_alloc/min-order", "0");
  put("/sys/kernel/debug/fail_page_alloc/verbose", "0");
  return slabs && ::access("/proc/self/fail-nth", W_OK) == 0;
}

// The nth allocation of this thread from now on fails.
void arm(int file, int nth) {
  char text[16];
  const int length = std::snprintf(text, sizeof text, "%d", nth);
  if (::pwrite(file, text, static_cast<std::size_t>(length), 0) != length) std::abort();
}
// Whether it has: what is left to count is none.
bool disarm(int file) {
  char text[16] = {};
  const bool read = ::pread(file, text, sizeof text - 1, 0) > 0;
  arm(file, 0);
  return read && std::atoi(text) == 0;
}

struct Operation {
  const char* name;
  const char* module;
  bool (*run)();  // true: it went through; whatever it took it has given back
};

const Target& target_of(const char* module) {
  for (std::size_t i = 0; i < kTargetCount; ++i) {
    if (std::strcmp(kTargets[i].module, module) == 0) return kTargets[i];
  }
  std::abort();
}

int memory = -1, gpu = -1;

bool open_and_close() {
  const int fd = ::open(AI_MEM_DEVICE, O_RDWR | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}
bool open_and_close_gpu() {
  const int fd = ::open("/dev/ai_gpu0", O_RDWR | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}
bool map_blocks() {
  ai_mem_alloc run = {};
  run.size = sizeof run;
  run.count = 8;
  run.node = AI_MEM_ANY_NODE;
  if (::ioctl(memory, AI_MEM_ALLOC, &run) != 0) return false;
  void* at =
      ::mmap(nullptr, 8 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, static_cast<off_t>(run.first) * 4096);
  if (at != MAP_FAILED) ::munmap(at, 8 * 4096);
  ai_mem_range range = {};
  range.size = sizeof range;
  range.first = run.first;
  range.count = 8;
  return ::ioctl(memory, AI_MEM_FREE, &range) == 0 && at != MAP_FAILED;
}
bool map_for_device() {
  const int block = ::ioctl(memory, AI_MEM_ALLOC_BLOCK, 0);
  ai_mem_dma dma = {};
  dma.size = sizeof dma;
  dma.flags = AI_MEM_DEVICE_READS;
  dma.first = static_cast<unsigned>(block);
  dma.count = 1;
  bool done = false;
  // Whichever device is on the bus.
  for (dma.devfn = 0; dma.devfn < 256 && !done; dma.devfn += 8) done = ::ioctl(memory, AI_MEM_DMA_MAP, &dma) == 0;
  if (done) ::ioctl(memory, AI_MEM_DMA_UNMAP, dma.id);
  return ::ioctl(memory, AI_MEM_FREE_BLOCK, block) == 0 && done;
}
bool export_blocks() {
  const int block = ::ioctl(memory, AI_MEM_ALLOC_BLOCK, 0);
  ai_mem_export ask = {};
  ask.size = sizeof ask;
  ask.flags = O_CLOEXEC;
  ask.first = static_cast<unsigned>(block);
  ask.count = 1;
  const bool done = ::ioctl(memory, AI_MEM_EXPORT, &ask) == 0;
  const bool built_without = !done && errno == EOPNOTSUPP;
  if (done) ::close(ask.fd);
  return ::ioctl(memory, AI_MEM_FREE_BLOCK, block) == 0 && (done || built_without);
}
bool read_report() {
  char text[4096];
  const int fd = ::open("/proc/ai_memory", O_RDONLY | O_CLOEXEC);
  const bool done = fd >= 0 && ::read(fd, text, sizeof text) > 0;
  if (fd >= 0) ::close(fd);
  return done;
}
bool copy_to_gpu() {
  ai_gpu_copy ask = {};
  unsigned char byte = 1;
  ask.size = sizeof ask;
  ask.flags = AI_GPU_TO_DEVICE;
  ask.address = reinterpret_cast<unsigned long>(&byte);
  ask.length = 1;
  return ::ioctl(gpu, AI_GPU_COPY, &ask) == 0;
}
bool touch_and_bring_home() {
  if (::ioctl(gpu, AI_GPU_TOUCH, 1UL) != 0) return false;
  return ::ioctl(gpu, AI_GPU_TOUCH, 2UL) == 0;  // there is room for one
}
bool load_memory() { return load(target_of("ai_mem")); }
bool load_gpu() { return load(target_of("ai_gpu")); }
bool load_scheduler() { return load(target_of("ai_scheduler")); }

// How many allocations failed in turn; -1: something was wrong, and `why` says what.
int fail_each(int control, const Operation& operation, LogWatch& watch, char* why, unsigned long size) {
  for (int nth = 1; nth < kMostAllocations; ++nth) {
    arm(control, nth);
    const bool through = operation.run();
    const int error = errno;
    const bool met = disarm(control);
    if (!met && through) return nth - 1;
    if (!met) {
      std::snprintf(why, size, "%s: refused without a failure: %s", operation.name, std::strerror(error));
      return -1;
    }
    // An allocation that has another way out may fail and nothing come of it.
    if (through) {
      if (std::strncmp(operation.name, "loading", 7) == 0) unload(target_of(operation.module));
    } else if (std::strncmp(operation.name, "loading", 7) == 0 && is_loaded(target_of(operation.module))) {
      std::snprintf(why, size, "%s: failure %d: refused, and it is loaded", operation.name, nth);
      return -1;
    }
    watch.look();
  }
  std::snprintf(why, size, "%s: it never went through", operation.name);
  return -1;
}

}  // namespace

Outcome refused_cleanly() {
  if (!failures_can_be_made()) return skip("this kernel injects no failures: aios:kasan does");
  const int control = ::open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
  memory = ::open(AI_MEM_DEVICE, O_RDWR | O_CLOEXEC);
  gpu = ::open("/dev/ai_gpu0", O_RDWR | O_CLOEXEC);
  static constexpr Operation kUse[] = {
      {"open", "ai_mem", open_and_close}, {"mmap", "ai_mem", map_blocks},
      {"DMA", "ai_mem", map_for_device},  {"export", "ai_mem", export_blocks},
      {"report", "ai_mem", read_report},  {"open of a GPU", "ai_gpu", open_and_close_gpu},
      {"copy", "ai_gpu", copy_to_gpu},    {"touch", "ai_gpu", touch_and_bring_home},
  };
  static constexpr Operation kLoad[] = {{"loading ai_mem", "ai_mem", load_memory},
                                        {"loading ai_gpu", "ai_gpu", load_gpu},
                                        {"loading ai_scheduler", "ai_scheduler", load_scheduler}};
  char why[160] = {};
  int failed = 0, kinds = 0;
  LogWatch watch;
  for (const Operation& operation : kUse) {
    if (std::strcmp(operation.module, "ai_mem") == 0 ? memory < 0 : gpu < 0) continue;
    const int count = fail_each(control, operation, watch, why, sizeof why);
    if (count < 0) return no("%s", why);
    failed += count;
    ++kinds;
    watch.look();
  }
  if (memory >= 0) ::close(memory);
  if (gpu >= 0) ::close(gpu);
  for (const Operation& operation : kLoad) {
    const Target& target = target_of(operation.module);
    if (!can_be_loaded(target)) continue;
    if (is_loaded(target) && target.idle[0] != '\0' && !is_idle(target)) return no("%s is not idle", target.module);
    if (is_loaded(target) && !unload(target)) return lines::refused(target.module);
    const int count = fail_each(control, operation, watch, why, sizeof why);
    if (count < 0) return no("%s", why);
    failed += count;
    ++kinds;
  }
  watch.look();
  if (watch.in_modules() > 0) return no("%s", watch.first_report());
  return yes("%d failures in %d kinds of operation; reports: none in the modules, %u in the kernel's own code", failed,
             kinds, watch.reports());
}

}  // namespace aios::fuzz
