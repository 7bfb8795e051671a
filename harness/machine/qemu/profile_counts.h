// SPDX-License-Identifier: Apache-2.0
// What the counting plugin wrote in profile mode about one boot, read back: addresses and counts, no names yet. Blocks
// and contexts stand under their own numbers; what a line speaks of came before it. The file may end early if QEMU was
// killed; the regions that were written stand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/support/result.h"

namespace aios {

// A run of instructions that are executed one after the other.
struct RawBlock {
  std::uint64_t address = 0;
  std::vector<std::uint8_t> sizes;  // of its instructions, in order
  std::string code;                 // their bytes
};

enum class EnteredBy { root, call, syscall, interrupt, unknown };  // as the plugin numbers them

// A function that was entered, under the one that entered it.
struct RawContext {
  int parent = 0;
  std::uint64_t entry = 0;
  std::uint64_t site = 0;  // where it was called from
  EnteredBy how = EnteredBy::root;
};

struct RawCost {
  int context = 0;
  int block = 0;
  std::int64_t typical = 0, other = 0;  // instructions
};

struct RawRegion {
  std::int64_t number = 0;
  std::uint32_t tag = 0;
  std::int64_t typical_iterations = 0;  // those that cost exactly what the region's typical iteration did
  std::int64_t other_iterations = 0;
  std::vector<RawCost> costs;
};

// What was executed between the point before it and this point of the timeline.
struct RawSpan {
  int point = 0;
  std::vector<std::pair<int, std::int64_t>> blocks;  // block, instructions
};

struct RawProfile {
  std::unordered_map<int, RawBlock> blocks;
  std::unordered_map<int, RawContext> contexts;
  std::vector<RawRegion> regions;
  std::vector<RawSpan> spans;
  std::int64_t lost_calls = 0;
  std::int64_t dropped_lines = 0;
};

Result<RawProfile> parse_profile_counts(std::string_view text, std::string_view where);

}  // namespace aios
