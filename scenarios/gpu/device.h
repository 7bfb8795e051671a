// SPDX-License-Identifier: Apache-2.0
// The first GPU of the guest, as /sys shows it: the device that every line of the scenario speaks of.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aios::gpu {

struct Device {
  bool found = false;
  char address[32] = {};
  unsigned vendor = 0, device = 0, class_code = 0;
  char driver[64] = {};
};

struct Window {
  int index = -1;
  std::uint64_t bytes = 0;
  bool prefetchable = false;
};

// A display controller before an accelerator; one with a driver before one without.
Device find_device();
// The windows of its memory, at most six.
std::size_t windows(const Device& device, Window (&to)[6]);
// A file of its folder in /sys, without the line's end. False: it cannot be read.
bool attribute(const Device& device, const char* name, char* to, std::size_t size);

}  // namespace aios::gpu
