// SPDX-License-Identifier: Apache-2.0
#include "scenarios/gpu/device.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace aios::gpu {
namespace {

constexpr const char* kBus = "/sys/bus/pci/devices";
constexpr std::uint64_t kMemory = 0x200, kPrefetchable = 0x2000;

bool read_text(const char* path, char* to, std::size_t size) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const ssize_t got = ::read(file, to, size - 1);
  ::close(file);
  to[got > 0 ? got : 0] = '\0';
  return got > 0;
}

unsigned number(const char* address, const char* name) {
  char path[384], text[64];
  std::snprintf(path, sizeof path, "%s/%s/%s", kBus, address, name);
  return read_text(path, text, sizeof text) ? static_cast<unsigned>(std::strtoul(text, nullptr, 16)) : 0;
}

int worth(const Device& device) {
  const unsigned base = device.class_code >> 16;
  if (base != 0x03 && base != 0x12) return 0;
  return (device.driver[0] != '\0' ? 2 : 0) + (base == 0x03 ? 2 : 1);
}

}  // namespace

Device find_device() {
  Device best;
  DIR* folder = ::opendir(kBus);
  if (folder == nullptr) return best;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] == '.' || std::strlen(entry->d_name) >= sizeof best.address) continue;
    Device device;
    std::snprintf(device.address, sizeof device.address, "%.31s", entry->d_name);
    device.vendor = number(device.address, "vendor");
    device.device = number(device.address, "device");
    device.class_code = number(device.address, "class");
    char path[384], target[512];
    std::snprintf(path, sizeof path, "%s/%s/driver", kBus, device.address);
    const ssize_t length = ::readlink(path, target, sizeof target - 1);
    if (length > 0) {
      target[length] = '\0';
      const char* slash = std::strrchr(target, '/');
      std::snprintf(device.driver, sizeof device.driver, "%.63s", slash == nullptr ? target : slash + 1);
    }
    if (worth(device) <= worth(best)) continue;
    best = device;
    best.found = true;
  }
  ::closedir(folder);
  return best;
}

std::size_t windows(const Device& device, Window (&to)[6]) {
  char text[2048];
  if (!attribute(device, "resource", text, sizeof text)) return 0;
  std::size_t count = 0;
  char* line = text;
  for (int index = 0; index < 6 && line != nullptr && *line != '\0'; ++index) {
    char* end = nullptr;
    const auto first = std::strtoull(line, &end, 16), last = std::strtoull(end, &end, 16);
    const auto flags = std::strtoull(end, &end, 16);
    if ((flags & kMemory) != 0 && last > first) to[count++] = {index, last - first + 1, (flags & kPrefetchable) != 0};
    line = std::strchr(line, '\n');
    if (line != nullptr) ++line;
  }
  return count;
}

bool attribute(const Device& device, const char* name, char* to, std::size_t size) {
  char path[512];
  std::snprintf(path, sizeof path, "%s/%s/%s", kBus, device.address, name);
  if (!read_text(path, to, size)) return false;
  const std::size_t length = std::strlen(to);
  if (length > 0 && to[length - 1] == '\n') to[length - 1] = '\0';
  return true;
}

}  // namespace aios::gpu
