// SPDX-License-Identifier: Apache-2.0
// What the kernel says of its own use of memory, once. Small, so that it changes little of what it reads.
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"

namespace {

// A file of /proc, whole or its beginning. False: it cannot be read.
bool read_text(const char* path, char* to, std::size_t size) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::size_t length = 0;
  for (ssize_t got = 1; got > 0 && length<size - 1; length += got> 0 ? static_cast<std::size_t>(got) : 0) {
    got = ::read(file, to + length, size - 1 - length);
  }
  to[length] = '\0';
  ::close(file);
  return true;
}

// "MemFree:   123 kB" in bytes; -1 where there is no such line.
long long field(const char* text, const char* name) {
  const char* at = std::strstr(text, name);
  return at == nullptr ? -1 : std::strtoll(at + std::strlen(name), nullptr, 10) * 1024;
}

// All lines of /proc/iomem that are RAM: root alone sees addresses there. -1 where it is not told.
long long installed_memory() {
  static char text[16384];
  if (!read_text("/proc/iomem", text, sizeof text)) return -1;
  long long bytes = 0;
  for (const char* line = text; line != nullptr && *line != '\0';) {
    char* end = nullptr;
    const auto first = std::strtoull(line, &end, 16);
    const auto last = *end == '-' ? std::strtoull(end + 1, &end, 16) : 0;
    if (*line != ' ' && last > first && std::strncmp(end, " : System RAM", 13) == 0) {
      bytes += static_cast<long long>(last - first + 1);
    }
    line = std::strchr(line, '\n');
    if (line != nullptr) ++line;
  }
  return bytes > 0 ? bytes : -1;
}

long long lines_of(const char* path) {
  static char text[65536];
  if (!read_text(path, text, sizeof text)) return -1;
  long long lines = 0;
  for (const char* at = text; *at != '\0'; ++at) lines += *at == '\n' ? 1 : 0;
  return lines;
}

// Processes without memory of their own. -1 without /proc.
long long kernel_threads() {
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return -1;
  long long threads = 0;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    char path[64], text[256];
    std::snprintf(path, sizeof path, "/proc/%.20s/statm", entry->d_name);
    if (read_text(path, text, sizeof text) && std::strncmp(text, "0 ", 2) == 0) ++threads;
  }
  ::closedir(folder);
  return threads;
}

void report(const char* metric, const char* unit, long long value, const char* without) {
  if (value < 0) {
    aios::wire::Frame<256> frame("check");
    frame.text("name", metric).boolean("ok", false).boolean("skipped", true).text("detail", without);
    aios::wire::send_frame(STDOUT_FILENO, frame);
    return;
  }
  aios::wire::Frame<256> frame("sample");
  frame.text("metric", metric).text("unit", unit).integer("value", value).integer("iterations", 1);
  aios::wire::send_frame(STDOUT_FILENO, frame);
}

}  // namespace

int main() {
  static char memory[8192];
  if (!read_text("/proc/meminfo", memory, sizeof memory)) memory[0] = '\0';
  const long long total = field(memory, "MemTotal:");
  const long long free = field(memory, "MemFree:"), cached = field(memory, "\nCached:");
  const long long buffers = field(memory, "Buffers:"), installed = installed_memory();
  const bool known = total >= 0 && free >= 0 && cached >= 0 && buffers >= 0;
  report("footprint.memory_after_boot", "bytes", known ? total - free - cached - buffers : -1, "no /proc/meminfo");
  report("footprint.memory_reserved", "bytes", total >= 0 && installed >= total ? installed - total : -1,
         "/proc/iomem does not tell how much memory there is");
  report("footprint.slab", "bytes", field(memory, "Slab:"), "no /proc/meminfo");
  // A kernel without modules has no such file, and none loaded.
  const long long modules = lines_of("/proc/modules");
  report("footprint.modules_loaded", "count", modules < 0 ? 0 : modules, "");
  report("footprint.kernel_threads", "count", kernel_threads(), "no /proc");
  return 0;
}
