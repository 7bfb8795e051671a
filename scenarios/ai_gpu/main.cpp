// SPDX-License-Identifier: Apache-2.0
// ai_gpu [--console] [--list] [--anywhere] [NAME...]
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "kernels/codex/ai_gpu/ai_gpu_uapi.h"
#include "scenarios/lines.h"

namespace aios::ai_gpu {
namespace {

using lines::no;
using lines::Outcome;
using lines::refused;
using lines::skip;
using lines::yes;

constexpr const char* kNoDevice = "/dev/ai_gpu0 does not open: is ai_gpu loaded, and is there a device?";
constexpr unsigned kPage = 4096;

class Gpu {
 public:
  Gpu() : fd_(::open("/dev/ai_gpu0", O_RDWR | O_CLOEXEC)) {}
  ~Gpu() {
    if (fd_ >= 0) ::close(fd_);
  }
  Gpu(const Gpu&) = delete;
  Gpu& operator=(const Gpu&) = delete;

  bool open() const { return fd_ >= 0; }
  int control(unsigned long command, void* argument) const { return ::ioctl(fd_, command, argument); }
  int control(unsigned long command, unsigned long argument) const { return ::ioctl(fd_, command, argument); }
  int copy(unsigned direction, const void* memory, unsigned offset, unsigned length) const {
    ai_gpu_copy ask = {};
    ask.size = sizeof ask;
    ask.flags = direction;
    ask.address = reinterpret_cast<unsigned long>(memory);
    ask.offset = offset;
    ask.length = length;
    return control(AI_GPU_COPY, &ask);
  }
  int launch(unsigned function, unsigned argument, unsigned& result) const {
    ai_gpu_launch ask = {};
    ask.size = sizeof ask;
    ask.function = function;
    ask.argument = argument;
    const int done = control(AI_GPU_LAUNCH, &ask);
    result = ask.result;
    return done;
  }
  int touch(unsigned long page) const { return control(AI_GPU_TOUCH, page); }
  int where(unsigned long page) const { return control(AI_GPU_WHERE, page); }
  unsigned char* map(unsigned pages) const {
    void* at = ::mmap(nullptr, static_cast<std::size_t>(pages) * kPage, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
    return at == MAP_FAILED ? nullptr : static_cast<unsigned char*>(at);
  }

 private:
  int fd_;
};

long long statistic(const char* name) {
  char text[4096] = {};
  const int file = ::open("/proc/ai_gpu", O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  const ssize_t got = ::read(file, text, sizeof text - 1);
  ::close(file);
  const char* at = got > 0 ? std::strstr(text, name) : nullptr;
  return at == nullptr ? -1 : std::strtoll(at + std::strlen(name), nullptr, 10);
}

unsigned char pattern(unsigned at, unsigned seed) { return static_cast<unsigned char>(at * 31 + at / 251 + seed); }

void fill(unsigned char* page, unsigned seed) {
  for (unsigned i = 0; i < kPage; ++i) page[i] = pattern(i, seed);
}

bool is_filled(const unsigned char* page, unsigned seed) {
  for (unsigned i = 0; i < kPage; ++i) {
    if (page[i] != pattern(i, seed)) return false;
  }
  return true;
}

Outcome dma_round_trip() {
  const Gpu gpu;
  if (!gpu.open()) return skip("%s", kNoDevice);
  static unsigned char out[kPage], in[kPage];
  constexpr unsigned kPieces[][2] = {{0, kPage}, {0, 1}, {1, 4091}, {4090, 4}, {4095, 1}, {2048, 2048}, {100, 1000}};
  unsigned seed = 1;
  for (const auto& [offset, length] : kPieces) {
    fill(out, ++seed);
    std::memset(in, 0, sizeof in);
    if (gpu.copy(AI_GPU_TO_DEVICE, out, offset, length) != 0) return refused("copy to the device");
    if (gpu.copy(AI_GPU_FROM_DEVICE, in, offset, length) != 0) return refused("copy from the device");
    if (std::memcmp(out, in, length) != 0) return no("%u bytes at %u came back changed", length, offset);
  }
  // What is beside a piece stays.
  fill(out, 50);
  if (gpu.copy(AI_GPU_TO_DEVICE, out, 0, kPage) != 0) return refused("copy of a page");
  if (gpu.copy(AI_GPU_TO_DEVICE, "\xff\xff", 4091, 2) != 0) return refused("copy of two bytes");
  out[4091] = out[4092] = 0xff;
  if (gpu.copy(AI_GPU_FROM_DEVICE, in, 0, kPage) != 0) return refused("copy back");
  return std::memcmp(out, in, kPage) == 0 ? yes("%zu offsets and lengths", sizeof kPieces / sizeof kPieces[0] + 1)
                                          : no("a piece changed what is beside it");
}

Outcome transfers_counted() {
  const Gpu gpu;
  if (!gpu.open()) return skip("%s", kNoDevice);
  const long long to = statistic("Transfers To Device: "), from = statistic("Transfers From Device: ");
  const long long launches = statistic("Launches: ");
  static unsigned char buffer[kPage];
  for (int i = 0; i < 3; ++i) {
    if (gpu.copy(AI_GPU_TO_DEVICE, buffer, 0, 512) != 0) return refused("copy to the device");
  }
  if (gpu.copy(AI_GPU_FROM_DEVICE, buffer, 0, 512) != 0) return refused("copy from the device");
  if (gpu.copy(AI_GPU_TO_DEVICE, buffer, kPage, 1) == 0) return no("a copy past the end was not refused");
  unsigned result = 0;
  if (gpu.launch(AI_GPU_FACTORIAL, 5, result) != 0) return refused("launch");
  if (gpu.launch(7, 5, result) == 0) return no("an unknown function was not refused");
  const long long more_to = statistic("Transfers To Device: ") - to;
  const long long more_from = statistic("Transfers From Device: ") - from;
  const long long more_launches = statistic("Launches: ") - launches;
  if (more_to != 3 || more_from != 1 || more_launches != 1) {
    return no("3, 1 and 1 were done, %lld, %lld and %lld counted", more_to, more_from, more_launches);
  }
  return yes("3 to the device, 1 from it, 1 launch");
}

Outcome launch() {
  const Gpu gpu;
  if (!gpu.open()) return skip("%s", kNoDevice);
  unsigned wanted = 1;
  for (unsigned n = 1; n <= 12; ++n) {
    wanted *= n;
    unsigned result = 0;
    if (gpu.launch(AI_GPU_FACTORIAL, n, result) != 0) return refused("launch");
    if (result != wanted) return no("%u! is %u, the device says %u", n, wanted, result);
  }
  return yes("12 launches, 12! = %u", wanted);
}

Outcome pages_move_on_access() {
  const Gpu gpu;
  if (!gpu.open()) return skip("%s", kNoDevice);
  unsigned char* pages = gpu.map(4);
  if (pages == nullptr) return refused("mmap");
  for (unsigned i = 0; i < kPage; ++i) {
    if (pages[i] != 0) return no("a fresh page is not zeros");
  }
  for (unsigned page = 0; page < 4; ++page) fill(pages + page * kPage, page);
  const long long to = statistic("Moved To Device: "), home = statistic("Moved To Host: ");
  if (gpu.touch(0) != 0) return refused("touch");
  if (gpu.where(0) != 1 || statistic("Unified Pages On Device: ") != 1) return no("the page is not on the device");
  // The device has the page's bytes; the host has no page of it any more.
  if (!is_filled(pages, 0)) return no("a page came home changed");
  if (gpu.where(0) != 0) return no("an access did not bring it home");
  pages[17] = 0xaa;
  if (gpu.touch(0) != 0) return refused("touch again");
  if (gpu.touch(1) != 0) return refused("touch of the next page");
  if (gpu.where(0) != 0 || gpu.where(1) != 1) return no("the device has one page, and not the one that it wanted");
  if (pages[17] != 0xaa) return no("what was written between two moves is lost");
  pages[17] = pattern(17, 0);
  // There and back by the device's turn and the program's, many times.
  for (unsigned i = 0; i < 40; ++i) {
    const unsigned page = i % 4;
    if (gpu.touch(page) != 0) return refused("touch");
    if (!is_filled(pages + page * kPage, page)) return no("move %u changed page %u", i, page);
  }
  const long long moved = statistic("Moved To Device: ") - to, came = statistic("Moved To Host: ") - home;
  if (moved != 43 || came != 43) return no("43 moves each way were made, %lld and %lld counted", moved, came);
  return yes("43 moves there and 43 back, 4 pages on a device that holds 1");
}

Outcome bad_input_refused() {
  const Gpu gpu;
  if (!gpu.open()) return skip("%s", kNoDevice);
  unsigned char buffer[16] = {};
  unsigned result = 0;
  ai_gpu_info info = {};
  const auto gives = [](int error, int got) { return got == -1 && errno == error; };
  struct Try {
    const char* what;
    bool held;
  };
  const Try tries[] = {
      {"a wrong size", gives(EINVAL, gpu.control(AI_GPU_INFO, &info))},
      {"both directions", gives(EINVAL, gpu.copy(3, buffer, 0, 16))},
      {"no direction", gives(EINVAL, gpu.copy(0, buffer, 0, 16))},
      {"no length", gives(EINVAL, gpu.copy(AI_GPU_TO_DEVICE, buffer, 0, 0))},
      {"past the end", gives(EINVAL, gpu.copy(AI_GPU_TO_DEVICE, buffer, 4090, 16))},
      {"a length that wraps", gives(EINVAL, gpu.copy(AI_GPU_TO_DEVICE, buffer, 4090, ~0U))},
      {"no memory", gives(EFAULT, gpu.copy(AI_GPU_TO_DEVICE, nullptr, 0, 16))},
      {"the kernel's memory", gives(EFAULT, gpu.copy(AI_GPU_FROM_DEVICE, reinterpret_cast<void*>(~0UL << 40), 0, 16))},
      {"an unknown function", gives(EINVAL, gpu.launch(1, 1, result))},
      {"an endless computation", gives(ERANGE, gpu.launch(AI_GPU_FACTORIAL, ~0U, result))},
      {"a page past the end", gives(EINVAL, gpu.touch(AI_GPU_UNIFIED_PAGES))},
      {"a page far past the end", gives(EINVAL, gpu.touch(~0UL))},
      {"where a page past the end is", gives(EINVAL, gpu.where(AI_GPU_UNIFIED_PAGES))},
      {"an unknown command", gives(ENOTTY, gpu.control(_IO('m', 0xbf), 0UL))},
      {"a mapping too long", gpu.map(AI_GPU_UNIFIED_PAGES + 1) == nullptr},
  };
  for (const Try& one : tries) {
    if (!one.held) return no("%s: not refused as it should be", one.what);
  }
  return yes("%zu kinds of it", sizeof tries / sizeof tries[0]);
}

// The device's own name, from the line "GPU 0: edu 0000:00:02.0".
bool unbind() {
  char text[4096] = {}, name[64] = {};
  const int file = ::open("/proc/ai_gpu", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const ssize_t got = ::read(file, text, sizeof text - 1);
  ::close(file);
  const char* at = got > 0 ? std::strstr(text, "GPU 0: edu ") : nullptr;
  if (at == nullptr || std::sscanf(at + 11, "%63s", name) != 1) return false;
  const int to = ::open("/sys/bus/pci/drivers/ai_gpu_edu/unbind", O_WRONLY | O_CLOEXEC);
  if (to < 0) return false;
  const bool done = ::write(to, name, std::strlen(name)) == static_cast<ssize_t>(std::strlen(name));
  ::close(to);
  return done;
}

Outcome device_goes() {
  const Gpu gpu;
  if (!gpu.open()) return skip("%s", kNoDevice);
  unsigned char* pages = gpu.map(2);
  if (pages == nullptr) return refused("mmap");
  fill(pages, 9);
  if (gpu.touch(0) != 0) return refused("touch");
  if (!unbind()) return refused("unbind");
  if (!is_filled(pages, 9)) return no("the page did not come home with all its bytes");
  pages[kPage] = 1;  // memory of the host it still is
  unsigned result = 0;
  if (gpu.touch(0) == 0 || errno != ENODEV) return no("a touch was not refused with ENODEV");
  if (gpu.launch(AI_GPU_FACTORIAL, 3, result) == 0 || errno != ENODEV) return no("a launch was not refused");
  if (const Gpu another; another.open()) return no("the device can still be opened");
  return statistic("Devices: ") == 0 ? yes("its page came home; ENODEV from then on") : no("it is still listed");
}

constexpr lines::Line kLines[] = {
    {"dma_round_trip", dma_round_trip},
    {"transfers_counted", transfers_counted},
    {"launch", launch},
    {"pages_move_on_access", pages_move_on_access, false, 60'000},
    {"bad_input_refused", bad_input_refused},
    {"device_goes", device_goes},
};

}  // namespace
}  // namespace aios::ai_gpu

int main(int count, char** words) { return aios::lines::run_lines("ai_gpu", aios::ai_gpu::kLines, count, words); }
