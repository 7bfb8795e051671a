// SPDX-License-Identifier: Apache-2.0
// What is fuzzed: an entry a device. A new module is a new entry.
#pragma once

#include <cstddef>

namespace aios::fuzz {

enum class Takes : char { nothing, number, structure };  // a structure begins with its size

struct Command {
  unsigned long code;
  Takes takes;
  bool waits = false;  // for a device, in real time: seldom
};

struct Target {
  const char* device;
  const char* module;
  const char* parameters;  // of the module, when the fuzzer loads it again
  const char* report;      // its file in /proc
  const char* idle;        // lines of it that must be there when nobody uses it, one below the other
  const Command* commands;
  std::size_t command_count;
  unsigned pages;  // that can be mapped; 0: none
};

extern const Target kTargets[];
extern const std::size_t kTargetCount;

}  // namespace aios::fuzz
