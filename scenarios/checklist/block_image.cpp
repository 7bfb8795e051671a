// SPDX-License-Identifier: Apache-2.0
#include "scenarios/checklist/block_image.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenarios/checklist/tools.h"

extern "C" const unsigned char aios_ext4_image[], aios_ext4_image_end[], aios_xfs_image[], aios_xfs_image_end[];

namespace aios::checklist {
namespace {

std::uint64_t length_of(const BlockImage& image) {
  std::uint64_t length;
  std::memcpy(&length, image.begin, sizeof length);
  return length;
}

bool write_parts(const BlockImage& image, int file) {
  for (const unsigned char* at = image.begin + 8; at + 8 <= image.end;) {
    std::uint32_t part[2];
    std::memcpy(part, at, sizeof part);
    at += 8;
    if (::pwrite(file, at, part[1], part[0]) != static_cast<ssize_t>(part[1])) return false;
    at += part[1];
  }
  return true;
}

// In /proc/filesystems, or made known by asking for it (a module that is built in, but late).
bool kernel_knows(const char* file_system) {
  char text[4096], line[64];
  std::snprintf(line, sizeof line, "\t%s\n", file_system);
  return read_text("/proc/filesystems", text, sizeof text) && std::strstr(text, line) != nullptr;
}

}  // namespace

BlockImage ext4_image() { return {"ext4", aios_ext4_image, aios_ext4_image_end}; }
BlockImage xfs_image() { return {"xfs", aios_xfs_image, aios_xfs_image_end}; }

BlockDevice::~BlockDevice() {
  if (loop_ >= 0) {
    ::ioctl(loop_, LOOP_CLR_FD, 0);
    ::close(loop_);
  }
  if (zram_) free_zram(static_cast<int>(std::strtol(path_ + std::strlen("/dev/zram"), nullptr, 10)));
}

bool BlockDevice::on_loop(const BlockImage& image) {
  const int control = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
  if (control < 0) return false;
  const int number = ::ioctl(control, LOOP_CTL_GET_FREE);
  ::close(control);
  if (number < 0) return false;
  std::snprintf(path_, sizeof path_, "/dev/loop%d", number);
  const int file = ::memfd_create("image", MFD_CLOEXEC);
  loop_ = ::open(path_, O_RDWR | O_CLOEXEC);
  const bool done = file >= 0 && loop_ >= 0 && ::ftruncate(file, static_cast<off_t>(length_of(image))) == 0 &&
                    write_parts(image, file) && ::ioctl(loop_, LOOP_SET_FD, file) == 0;
  if (file >= 0) ::close(file);
  // A device that is open for writing may not be mounted; one that is open at all keeps its file.
  const int reading = ::open(path_, O_RDONLY | O_CLOEXEC);
  if (loop_ >= 0) ::close(loop_);
  loop_ = reading;
  return done;
}

bool BlockDevice::on_zram(const BlockImage& image) {
  const int number = make_zram(length_of(image));
  if (number < 0) return false;
  zram_ = true;
  std::snprintf(path_, sizeof path_, "/dev/zram%d", number);
  const int device = ::open(path_, O_RDWR | O_CLOEXEC);
  const bool done = device >= 0 && write_parts(image, device) && ::fsync(device) == 0;
  if (device >= 0) ::close(device);
  return done;
}

Outcome BlockDevice::create(const BlockImage& image) {
  if (!kernel_knows(image.file_system)) return no("the kernel has no %s", image.file_system);
  if (on_loop(image) || on_zram(image)) return yes("%s", path_);
  return skip("no block device to put the image on: neither loop nor zram");
}

int make_zram(unsigned long long bytes) {
  for (int number = 0; number < 4; ++number) {
    char path[64], size[32];
    std::snprintf(path, sizeof path, "/sys/block/zram%d/disksize", number);
    if (!exists(path)) {
      char added[16];  // reading the file is what adds a device
      if (!read_text("/sys/class/zram-control/hot_add", added, sizeof added)) return -1;
    }
    if (!read_text(path, size, sizeof size) || std::strcmp(size, "0\n") != 0) continue;  // in use
    std::snprintf(size, sizeof size, "%llu", bytes);
    if (write_text(path, size)) return number;
  }
  return -1;
}

bool free_zram(int number) {
  char path[64];
  std::snprintf(path, sizeof path, "/sys/block/zram%d/reset", number);
  return write_text(path, "1");
}

}  // namespace aios::checklist
