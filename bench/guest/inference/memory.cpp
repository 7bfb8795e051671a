// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace aios::inference {
namespace {

// "MemAvailable:   123 kB" of a small file, in bytes.
long long field(const char* path, const char* name) {
  char text[8192];
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  std::size_t length = 0;
  for (ssize_t got = 1; got > 0 && length < sizeof text - 1;) {
    got = ::read(file, text + length, sizeof text - 1 - length);
    if (got > 0) length += static_cast<std::size_t>(got);
  }
  ::close(file);
  text[length] = '\0';
  const char* at = std::strstr(text, name);
  return at == nullptr ? -1 : std::strtoll(at + std::strlen(name), nullptr, 10) * 1024;
}

}  // namespace

long long available_memory() { return field("/proc/meminfo", "MemAvailable:"); }

long long huge_page_memory() {
  const long long anonymous = field("/proc/self/smaps_rollup", "AnonHugePages:");
  const long long mapped = field("/proc/self/smaps_rollup", "FilePmdMapped:");
  const long long shared = field("/proc/self/smaps_rollup", "ShmemPmdMapped:");
  if (anonymous < 0) return -1;
  return anonymous + (mapped > 0 ? mapped : 0) + (shared > 0 ? shared : 0);
}

}  // namespace aios::inference
