// SPDX-License-Identifier: Apache-2.0
// Linux turns transparent huge pages off by itself where there is less than 512 MB of memory. Where a program may (PID
// 1's children in a guest), they are turned on for those who ask, and put back afterwards.
#pragma once

#include <linux/fcntl.h>

#include "scenarios/sys.h"

namespace aios::scenario::page_fault {

class HugePageSetting {
 public:
  bool allow() {
    const long fd = sys::open(kFile, O_RDWR);
    if (fd < 0) return false;
    remember(fd);
    changed_ = size_ > 0 && sys::write(fd, "madvise", 7) == 7;
    sys::close(fd);
    return changed_;
  }
  void put_back() {
    if (!changed_) return;
    const long fd = sys::open(kFile, O_WRONLY);
    if (fd >= 0) {
      sys::write(fd, was_, size_);
      sys::close(fd);
    }
    changed_ = false;
  }

 private:
  static constexpr const char* kFile = "/sys/kernel/mm/transparent_hugepage/enabled";

  // "always madvise [never]": the word in brackets.
  void remember(long fd) {
    char text[64];
    const long length = sys::read(fd, text, sizeof text);
    bool inside = false;
    for (long i = 0; i < length; ++i) {
      if (text[i] == ']') inside = false;
      if (inside && size_ < static_cast<long>(sizeof was_)) was_[size_++] = text[i];
      if (text[i] == '[') inside = true;
    }
  }

  char was_[16] = {};
  long size_ = 0;
  bool changed_ = false;
};

}  // namespace aios::scenario::page_fault
