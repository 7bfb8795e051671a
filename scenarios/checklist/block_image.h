// SPDX-License-Identifier: Apache-2.0
// A file system's image, kept without its empty parts, put on a block device that needs no disk: a loop device over a
// file in memory, or a zram device where there is no loop.
#pragma once

#include "scenarios/checklist/check.h"

namespace aios::checklist {

struct BlockImage {
  const char* file_system;
  const unsigned char* begin;
  const unsigned char* end;
};

BlockImage ext4_image();
BlockImage xfs_image();

class BlockDevice {
 public:
  BlockDevice() = default;
  BlockDevice(const BlockDevice&) = delete;
  BlockDevice& operator=(const BlockDevice&) = delete;
  ~BlockDevice();

  Outcome create(const BlockImage& image);
  const char* path() const { return path_; }

 private:
  bool on_loop(const BlockImage& image);
  bool on_zram(const BlockImage& image);

  char path_[64] = {};
  int loop_ = -1;
  bool zram_ = false;
};

// A zram device of this size, not in use: its number, or -1 (errno).
int make_zram(unsigned long long bytes);
bool free_zram(int number);

}  // namespace aios::checklist
