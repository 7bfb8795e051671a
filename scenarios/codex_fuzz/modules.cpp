// SPDX-License-Identifier: Apache-2.0
#include "scenarios/codex_fuzz/modules.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace aios::fuzz {
namespace {

const char* file_of(const Target& target) {
  static char path[128];
  std::snprintf(path, sizeof path, "/lib/modules/extra/%s.ko", target.module);
  return path;
}

bool read_text(const char* path, char* to, unsigned long size) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  unsigned long length = 0;
  for (ssize_t got = 1; got > 0 && length < size - 1; length += static_cast<unsigned long>(got > 0 ? got : 0)) {
    got = ::read(file, to + length, size - 1 - length);
  }
  to[length] = '\0';
  ::close(file);
  return true;
}

}  // namespace

bool can_be_loaded(const Target& target) { return ::access(file_of(target), R_OK) == 0; }

bool is_loaded(const Target& target) {
  char path[128];
  std::snprintf(path, sizeof path, "/sys/module/%s", target.module);
  return ::access(path, F_OK) == 0;
}

bool load(const Target& target) {
  const int file = ::open(file_of(target), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool loaded = ::syscall(SYS_finit_module, file, target.parameters, 0) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  return loaded;
}

bool unload(const Target& target) { return ::syscall(SYS_delete_module, target.module, O_NONBLOCK) == 0; }

bool is_idle(const Target& target) {
  static char text[65536];
  return read_text(target.report, text, sizeof text) && std::strstr(text, target.idle) != nullptr;
}

long long available_kb() {
  char text[4096];
  const char* at = read_text("/proc/meminfo", text, sizeof text) ? std::strstr(text, "MemAvailable:") : nullptr;
  return at == nullptr ? -1 : std::strtoll(at + 13, nullptr, 10);
}

}  // namespace aios::fuzz
