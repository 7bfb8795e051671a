// SPDX-License-Identifier: Apache-2.0
#include "scenarios/ai_mem/edu.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenarios/ai_mem/pool.h"

namespace aios::ai_mem {
namespace {

constexpr const char* kDevices = "/sys/bus/pci/devices";
constexpr unsigned long kRegisters = 1 << 20;
constexpr std::uint64_t kBuffer = 0x40000;
constexpr int kPatience = 5000;  // milliseconds; a transfer takes 100

long hex_in(const char* device, const char* file) {
  char path[512], text[32];
  std::snprintf(path, sizeof path, "%s/%s/%s", kDevices, device, file);
  return read_text(path, text, sizeof text) ? std::strtol(text, nullptr, 16) : -1;
}

int open_in(const char* device, const char* file) {
  char path[512];
  std::snprintf(path, sizeof path, "%s/%s/%s", kDevices, device, file);
  return ::open(path, O_RDWR | O_CLOEXEC);
}

// Memory and bus mastering, in the command register.
bool switch_on(const char* device) {
  const int enable = open_in(device, "enable");
  const bool enabled = enable >= 0 && ::write(enable, "1", 1) == 1;
  if (enable >= 0) ::close(enable);
  const int config = open_in(device, "config");
  std::uint16_t command = 0;
  bool done = config >= 0 && ::pread(config, &command, sizeof command, 4) == sizeof command;
  command |= 6;
  done = done && ::pwrite(config, &command, sizeof command, 4) == sizeof command;
  if (config >= 0) ::close(config);
  return enabled && done;
}

}  // namespace

Edu::Edu() {
  DIR* folder = ::opendir(kDevices);
  if (folder == nullptr) return;
  while (const dirent* entry = ::readdir(folder)) {
    if (hex_in(entry->d_name, "vendor") != 0x1234 || hex_in(entry->d_name, "device") != 0x11e8) continue;
    std::snprintf(name_, sizeof name_, "%s", entry->d_name);
  }
  ::closedir(folder);
  if (name_[0] == '\0' || !switch_on(name_)) return;
  const int file = open_in(name_, "resource0");
  if (file < 0) return;
  void* at = ::mmap(nullptr, kRegisters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (at != MAP_FAILED) registers_ = static_cast<volatile unsigned char*>(at);
}

Edu::~Edu() {
  if (registers_ != nullptr) ::munmap(const_cast<unsigned char*>(registers_), kRegisters);
}

bool Edu::transfer(std::uint64_t from, std::uint64_t to, unsigned bytes, std::uint64_t command) {
  if (registers_ == nullptr || bytes == 0 || bytes > kMostBytes) return false;
  const auto at = [&](unsigned offset) { return reinterpret_cast<volatile std::uint64_t*>(registers_ + offset); };
  *at(0x80) = from;
  *at(0x88) = to;
  *at(0x90) = bytes;
  *at(0x98) = command;
  for (int waited = 0; waited < kPatience; ++waited) {
    if ((*at(0x98) & 1) == 0) return true;
    ::usleep(1000);
  }
  return false;
}

bool Edu::read_memory(std::uint64_t address, unsigned bytes) { return transfer(address, kBuffer, bytes, 1); }
bool Edu::write_memory(std::uint64_t address, unsigned bytes) { return transfer(kBuffer, address, bytes, 3); }

}  // namespace aios::ai_mem
