// SPDX-License-Identifier: Apache-2.0
// Which of the host's regions a guest program's next one is. The host counts regions since the boot, whatever program
// they come from; the guest names them by that number, and by a tag that both sides make from the name.
#pragma once

#include <cstdint>

namespace aios::bench {

// A file that all programs of a boot share, so that one that dies in the middle of a region has counted it. Without the
// file, regions count from 0.
class RegionNumbers {
 public:
  explicit RegionNumbers(const char* path) : path_(path) {}
  std::int64_t take();

 private:
  const char* path_;
  std::int64_t next_ = 0;
};

inline constexpr char kRegionsFile[] = "/aios/regions";

// What tells a region from others by its name: the same for every program that asks.
std::uint32_t region_tag(const char* metric);

}  // namespace aios::bench
