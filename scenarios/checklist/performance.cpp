// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/swap.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenarios/checklist/block_image.h"
#include "scenarios/checklist/check.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

// A list of processors: its own tick must be off on at least one, and another must keep time for it.
Outcome performance_nohz_full() {
  char list[64];
  if (!read_text("/sys/devices/system/cpu/nohz_full", list, sizeof list)) return no("the kernel has no NO_HZ_FULL");
  list[std::strcspn(list, "\n")] = '\0';
  if (std::isdigit(static_cast<unsigned char>(list[0])) != 0) return yes("without a tick: processors %s", list);
  if (::sysconf(_SC_NPROCESSORS_ONLN) < 2) return skip("it takes a second processor to keep time; the kernel has it");
  return no("no processor runs without a tick (nohz_full= on the command line)");
}

long kilobytes(const char* file, const char* name) {
  static char text[65536];
  const char* at = read_text(file, text, sizeof text) ? std::strstr(text, name) : nullptr;
  return at == nullptr ? -1 : std::strtol(at + std::strlen(name), nullptr, 10);
}

char* map_aligned(std::size_t size, std::size_t alignment) {
  auto* at =
      static_cast<char*>(::mmap(nullptr, size + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (at == MAP_FAILED) return nullptr;
  const auto off = reinterpret_cast<std::uintptr_t>(at) % alignment;
  return off == 0 ? at : at + alignment - off;
}

Outcome performance_thp() {
  constexpr std::size_t kHuge = 2 << 20;
  constexpr const char* kEnabled = "/sys/kernel/mm/transparent_hugepage/enabled";
  char was[64];
  if (!read_text(kEnabled, was, sizeof was)) return no("the kernel has no transparent huge pages");
  // The kernel turns them off by itself below 512 MB of memory.
  const bool off = std::strstr(was, "[never]") != nullptr;
  if (off && !write_text(kEnabled, "madvise")) return refused("turning them on");
  char* const memory = map_aligned(kHuge, kHuge);
  if (memory == nullptr || ::madvise(memory, kHuge, MADV_HUGEPAGE) != 0) return refused("asking for one");
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  std::memset(memory, 1, kHuge);
  ::getrusage(RUSAGE_SELF, &after);
  if (off) write_text(kEnabled, "never");
  const long faults = after.ru_minflt - before.ru_minflt;
  return faults == 1 ? yes("2 MB came with one fault%s", off ? " (turned on for it: little memory)" : "")
                     : no("2 MB came with %ld faults", faults);
}

bool ksm_merged() {
  char text[32];
  return read_text("/sys/kernel/mm/ksm/pages_sharing", text, sizeof text) && std::strtol(text, nullptr, 10) > 0;
}

Outcome performance_ksm() {
  constexpr std::size_t kPages = 64, kBytes = kPages * 4096;
  if (!exists("/sys/kernel/mm/ksm/run")) return no("the kernel has no KSM");
  char* const memory = map_aligned(kBytes, 4096);
  if (memory == nullptr) return refused("memory");
  for (std::size_t page = 0; page < kPages; ++page) std::memset(memory + page * 4096, 0x5a, 4096);
  if (::madvise(memory, kBytes, MADV_MERGEABLE) != 0) return refused("asking for it");
  if (!write_text("/sys/kernel/mm/ksm/run", "1")) return refused("starting it");
  write_text("/sys/kernel/mm/ksm/pages_to_scan", "1000");
  const bool merged = wait_until(ksm_merged, 5000);
  write_text("/sys/kernel/mm/ksm/run", "2");  // takes apart what it merged
  write_text("/sys/kernel/mm/ksm/run", "0");
  return merged ? yes("pages of the same content were merged") : no("nothing was merged in five seconds");
}

constexpr unsigned long long kZramBytes = 4 << 20;

Outcome performance_zram() {
  const int number = make_zram(kZramBytes);
  if (number < 0) return refused("a zram device");
  char path[32], block[4096], back[4096] = {};
  std::snprintf(path, sizeof path, "/dev/zram%d", number);
  for (std::size_t i = 0; i < sizeof block; ++i) block[i] = static_cast<char>(i * i >> 4);
  const int device = ::open(path, O_RDWR | O_CLOEXEC);
  const bool wrote = device >= 0 && ::pwrite(device, block, sizeof block, 8192) == static_cast<ssize_t>(sizeof block) &&
                     ::fsync(device) == 0 && ::posix_fadvise(device, 0, 0, POSIX_FADV_DONTNEED) == 0;
  const bool same = wrote && ::pread(device, back, sizeof back, 8192) == static_cast<ssize_t>(sizeof back) &&
                    std::memcmp(block, back, sizeof block) == 0;
  const int error = errno;
  if (device >= 0) ::close(device);
  free_zram(number);
  errno = error;
  if (!wrote) return refused("writing to it");
  return same ? yes("it gave back what it took") : no("it gave back something else");
}

// What mkswap writes: version and last page, and the magic word at the page's end.
bool make_swap(const char* path) {
  struct Header {
    char boot[1024];
    std::uint32_t version, last_page, bad_pages;
    char rest[4096 - 1024 - 12 - 10];
    char magic[10];
  };
  static Header header;
  static_assert(sizeof header == 4096);
  header.version = 1;
  header.last_page = kZramBytes / 4096 - 1;
  std::memcpy(header.magic, "SWAPSPACE2", 10);
  const int device = ::open(path, O_RDWR | O_CLOEXEC);
  if (device < 0) return false;
  const bool done =
      ::pwrite(device, &header, sizeof header, 0) == static_cast<ssize_t>(sizeof header) && ::fsync(device) == 0;
  ::close(device);
  return done;
}

Outcome performance_zram_swap() {
  const int number = make_zram(kZramBytes);
  if (number < 0) return refused("a zram device");
  char path[32];
  std::snprintf(path, sizeof path, "/dev/zram%d", number);
  Outcome outcome;
  if (!make_swap(path)) {
    outcome = refused("writing a swap header");
  } else if (::swapon(path, 0) != 0) {
    outcome = errno == ENOSYS ? no("the kernel has no swap") : refused("swapon");
  } else {
    const long total = kilobytes("/proc/meminfo", "SwapTotal:");
    outcome = total > 0 ? yes("%ld kB of swap space", total) : no("it does not count as swap space");
    ::swapoff(path);
  }
  free_zram(number);
  return outcome;
}

constexpr Check kChecks[] = {
    {"performance_nohz_full", performance_nohz_full},
    {"performance_thp", performance_thp},
    {"performance_ksm", performance_ksm},
    {"performance_zram", performance_zram},
    {"performance_zram_swap", performance_zram_swap},
};

}  // namespace

const Group kPerformanceChecks = group_of(kChecks);

}  // namespace aios::checklist
