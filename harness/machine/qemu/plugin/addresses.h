// SPDX-License-Identifier: Apache-2.0
// A table of named guest addresses, read from a file of lines "HEXADDR NAME". Looked up when code is translated, never
// when it runs, so that thousands of addresses cost nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aios::count {

class Addresses {
 public:
  static constexpr std::size_t kMaxEntries = 65536;
  static constexpr std::size_t kMaxName = 95;

  struct Entry {
    std::uint64_t address;
    bool seen;
    char name[kMaxName + 1];
  };

  // On failure returns what was wrong, and the line it was found in (0: the file itself).
  const char* load(const char* path, std::size_t& line);
  Entry* find(std::uint64_t address);
  std::size_t size() const { return count_; }

 private:
  Entry* entries_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace aios::count
