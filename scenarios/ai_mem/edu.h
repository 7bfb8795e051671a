// SPDX-License-Identifier: Apache-2.0
// QEMU's edu device, driven from user space through sysfs: it copies between memory and a buffer of its own, by DMA.
#pragma once

#include <cstdint>

namespace aios::ai_mem {

// QEMU 7.2's device ends the machine at a transfer that touches the last of its 4,096 bytes.
inline constexpr unsigned kMostBytes = 4092;

class Edu {
 public:
  Edu();  // found, switched on, its registers mapped; or not there
  ~Edu();
  Edu(const Edu&) = delete;
  Edu& operator=(const Edu&) = delete;

  bool there() const { return registers_ != nullptr; }
  const char* name() const { return name_; }  // "0000:00:01.0"
  bool read_memory(std::uint64_t address, unsigned bytes);
  bool write_memory(std::uint64_t address, unsigned bytes);

 private:
  bool transfer(std::uint64_t from, std::uint64_t to, unsigned bytes, std::uint64_t command);

  char name_[64] = {};
  volatile unsigned char* registers_ = nullptr;
};

}  // namespace aios::ai_mem
