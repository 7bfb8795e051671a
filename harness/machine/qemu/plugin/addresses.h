// SPDX-License-Identifier: Apache-2.0
// A table of named guest addresses, read from a file of lines "HEXADDR NAME": where to look at the totals once, or,
// under the names @interrupt and @exception, where the kernel's handlers begin. Looked up when code is translated,
// never when it runs, so that thousands of addresses cost nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "classes.h"

namespace aios::count {

class Addresses {
 public:
  static constexpr std::size_t kMaxEntries = 65536;
  static constexpr std::size_t kMaxName = 95;

  struct Entry {
    std::uint64_t address;
    Class counted;  // kNoClass: looked at once
    bool seen;
    char name[kMaxName + 1];
  };

  // On failure returns what was wrong, and the line it was found in (0: the file itself).
  const char* load(const char* path, std::size_t& line);
  std::span<Entry> find(std::uint64_t address);
  bool count_handlers() const { return count_handlers_; }

 private:
  Entry* entries_ = nullptr;
  std::size_t count_ = 0;
  bool count_handlers_ = false;
};

}  // namespace aios::count
