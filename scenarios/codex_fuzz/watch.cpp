// SPDX-License-Identifier: Apache-2.0
#include "scenarios/codex_fuzz/watch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace aios::fuzz {
namespace {

constexpr const char* kReports[] = {
    "KASAN",         "WARNING:",      "BUG:",      "possible circular", "possible recursive",
    "inconsistent",  "Oops",          "task hung", "blocked for more",  "soft lockup",
    "list_add corr", "list_del corr", "DMA-API",   "suspicious RCU",    "general protection"};

// What loading and unloading says, and what is said of a task that is out of memory on purpose.
constexpr const char* kExpected[] = {": gone", " blocks, longest run ", "loading out-of-tree", "ai_scheduler:"};

bool has_any(const char* text, const char* const* words, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    if (std::strstr(text, words[i]) != nullptr) return true;
  }
  return false;
}

}  // namespace

LogWatch::LogWatch() : fd_(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
  if (fd_ >= 0) ::lseek(fd_, 0, SEEK_END);
}

LogWatch::~LogWatch() {
  if (fd_ >= 0) ::close(fd_);
}

void LogWatch::look() {
  static char record[8192];
  for (;;) {
    const ssize_t got = ::read(fd_, record, sizeof record - 1);
    if (got < 0 && errno == EPIPE) {
      ++lost_;
      continue;
    }
    if (got <= 0) return;
    record[got] = '\0';
    const char* text = std::strchr(record, ';');
    text = text == nullptr ? record : text + 1;
    if (has_any(text, kReports, sizeof kReports / sizeof kReports[0])) {
      // "KASAN: slab-use-after-free in f+0x12/0x34 [ai_mem]"
      const bool own = std::strstr(text, "[ai_") != nullptr || std::strstr(text, "possible") != nullptr ||
                       std::strstr(text, "inconsistent") != nullptr;  // lockdep names no module in its first line
      in_modules_ += own ? 1 : 0;
      ++reports_;
      if (first_[0] == '\0' || (own && in_modules_ == 1))
        std::snprintf(first_, sizeof first_, "%.*s", static_cast<int>(std::strcspn(text, "\n")), text);
    } else if (!has_any(text, kExpected, sizeof kExpected / sizeof kExpected[0])) {
      ++lines_;
    }
  }
}

}  // namespace aios::fuzz
