// SPDX-License-Identifier: Apache-2.0
// Where the instructions of a measured iteration were executed: for each translated block how many, and under which
// calls. Every instruction between an iteration's marks is charged to exactly one block, as the difference of two
// readings of the same counter that the region's figures come from: the sum over all blocks is the region's own sum.
//
// Calls are followed by what is seen from outside: a block's last instruction says call, return or jump, the next
// block's address says where it went. A stack that cannot be right (another task's, a thunk's) is given up for an
// unknown caller, never guessed.
#pragma once

#include "counters.h"
#include "flow.h"
#include "growing.h"
#include "output.h"

namespace aios::count {

// Never moved or freed: translated code points to it.
struct Block {
  std::uint64_t address = 0;
  std::uint64_t next = 0;    // the address behind it
  std::uint64_t last = 0;    // the last instruction's: QEMU may give it up again and go on there
  std::uint64_t target = 0;  // of a direct jump or call
  std::int64_t outside = 0;  // executed before the measured regions (see `spans`)
  std::uint32_t id = 0;
  std::uint32_t text = 0;  // its place among all blocks' bytes
  std::uint16_t instructions = 0, bytes = 0;
  End end = End::kFallsThrough;
  bool handler = false;  // where the kernel takes an interrupt or an exception
  bool written = false;
};

class Profile {
 public:
  static constexpr std::size_t kMaxBlocks = 1U << 20;
  static constexpr std::size_t kMaxContexts = 1U << 18;
  static constexpr std::size_t kMaxEntries = 1U << 20;
  static constexpr std::size_t kMaxFrames = 256;
  static constexpr std::size_t kMaxKinds = 64;  // of iterations that are told apart by what they cost

  // `spans`: also what is executed before the regions, from one point of the timeline to the next.
  bool open(const char* path, bool spans);
  bool on() const { return on_; }

  // While a block is translated: its instructions in order, then the block itself.
  void begin_block(std::uint64_t address, bool handler);
  void add_instruction(std::span<const std::uint8_t> bytes, std::uint64_t address);
  Block* end_block();

  // `executed`: the instructions so far, before this block.
  void enter(Block* block, std::int64_t executed);

  void begin_region();
  void begin_iteration(std::int64_t executed);
  void drop_iteration();
  void end_iteration(std::int64_t executed, const Vector& cost);
  // `typical`: an iteration like those that are shown apart from the others, or null.
  void end_region(std::uint64_t number, std::uint32_t tag, const Vector* typical);
  void point(std::uint8_t id, std::int64_t executed);
  void finish();

 private:
  struct Context {
    std::uint32_t parent;
    std::uint8_t how;
    std::uint64_t entry, site;
  };
  struct Frame {
    std::uint64_t back;     // the return address
    std::uint32_t context;  // the callee's
    bool asynchronous;
  };
  // A block under one context. The iterations of a region touch few of all entries: those stand in `in_region_`.
  struct Entry {
    Block* block;
    std::int64_t now;  // in this iteration
    std::uint32_t context;
    std::uint32_t called;         // the context that was called from it the last time
    std::uint32_t region, place;  // where it stands in `in_region_`, if that is this region
  };
  struct Kind {
    std::uint64_t instructions, rep_iterations, interrupts, irets;
    std::uint64_t iterations;
    Growing<std::int64_t> counts;  // by place in the region
  };

  void charge(Block* block, std::int64_t instructions);
  void follow(const Block& to, std::int64_t executed_in_current);
  void call(std::uint64_t entry, std::uint64_t back, std::uint64_t site, std::uint8_t how);
  void return_to(std::uint64_t address);
  void return_from_kernel(std::uint64_t address);
  void lose(std::uint64_t address);
  std::uint32_t context_of(std::uint32_t parent, std::uint64_t entry, std::uint64_t site, std::uint8_t how);
  std::uint32_t entry_of(Block* block);
  std::uint32_t look_up(Block* block);
  std::uint32_t place_of(std::uint32_t entry);
  Kind* kind_of(const Vector& cost);
  void write_blocks(const Growing<Block*>& blocks);
  void write_contexts();
  void row_of(Block* block);
  std::uint64_t hash_of_text() const;

  Output out_;
  bool on_ = false, spans_ = false, outside_ = false, active_ = false, started_ = false;
  Block* current_ = nullptr;
  std::int64_t last_ = 0;

  // The block that is being translated.
  Block made_;
  Growing<std::uint8_t> made_bytes_, made_sizes_;
  Growing<Block*> blocks_;
  Growing<std::uint8_t> texts_;  // of all blocks: sizes, then bytes
  IndexTable block_index_;
  Block* nowhere_ = nullptr;  // stands for all blocks past the bound

  std::uint32_t context_ = 0;
  Growing<Context> contexts_;
  std::size_t contexts_written_ = 1;  // the first is none
  IndexTable context_index_;
  Frame frames_[kMaxFrames];
  std::size_t depth_ = 0;

  Growing<Entry> entries_;
  std::uint32_t last_entry_ = 0;
  IndexTable entry_index_;
  // What an iteration touches, it touches again: small enough to stay in the processor's cache, which the table is not.
  static constexpr unsigned kRecentBits = 15;
  std::uint32_t recent_[1U << kRecentBits] = {};  // entries, checked before use
  Growing<std::uint32_t> touched_;
  Growing<std::uint32_t> in_region_;  // entries
  std::uint32_t region_ = 0;          // counts regions from 1
  Kind kinds_[kMaxKinds];
  std::size_t kind_count_ = 0;
  Growing<std::int64_t> rest_;  // of iterations past the kinds
  std::uint64_t rest_iterations_ = 0;
  std::uint64_t lost_calls_ = 0;
};

}  // namespace aios::count
