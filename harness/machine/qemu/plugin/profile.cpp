// SPDX-License-Identifier: Apache-2.0
#include "profile.h"

#include <new>

namespace aios::count {
namespace {

// How a context was entered: in the output by these numbers.
constexpr std::uint8_t kRoot = 0, kCalled = 1, kSystemCalled = 2, kInterrupted = 3, kUnknown = 4;

// A call that only serves to jump (a retpoline) does not leave its neighbourhood.
constexpr std::uint64_t kThunk = 64;

constexpr std::uint32_t kNoContext = 0;

}  // namespace

bool Profile::open(const char* path, bool spans) {
  if (!out_.open(path)) return false;
  on_ = true;
  spans_ = outside_ = spans;
  out_.begin("header").field("schema", std::uint64_t{2}).end();
  contexts_.push({0, kRoot, 0, 0});  // kNoContext
  nowhere_ = static_cast<Block*>(std::calloc(1, sizeof(Block)));
  if (nowhere_ == nullptr) return false;
  new (nowhere_) Block;
  // The first entry stands for those past the bound.
  return blocks_.push(nowhere_) && entries_.push({nowhere_, 0, kNoContext, kNoContext, 0, 0});
}

void Profile::begin_block(std::uint64_t address, bool handler) {
  made_ = {};
  made_.address = made_.next = address;
  made_.handler = handler;
  made_bytes_.clear();
  made_sizes_.clear();
}

void Profile::add_instruction(std::span<const std::uint8_t> bytes, std::uint64_t address) {
  made_.last = address;
  made_.next = address + bytes.size();
  ++made_.instructions;
  made_sizes_.push(static_cast<std::uint8_t>(bytes.size()));
  for (const std::uint8_t byte : bytes) made_bytes_.push(byte);
  const Flow flow = flow_of(bytes, made_.next);
  made_.end = flow.end;
  made_.target = flow.target;
}

std::uint64_t Profile::hash_of_text() const {
  std::uint64_t hash = made_.instructions;
  for (std::size_t i = 0; i < made_bytes_.size(); ++i) hash = (hash ^ made_bytes_[i]) * 0x100000001b3U;
  return hash;
}

// The same code at the same place is one block however often it is translated.
Block* Profile::end_block() {
  const std::uint64_t hash = hash_of_text();
  const std::uint32_t known = block_index_.get(made_.address, hash);
  if (known != IndexTable::kNone) return blocks_[known];
  const std::size_t text = texts_.size();
  const bool room = blocks_.size() < kMaxBlocks && text + made_sizes_.size() + made_bytes_.size() < 0xffffffffU;
  void* const memory = room ? std::calloc(1, sizeof(Block)) : nullptr;
  if (memory == nullptr) return nowhere_;
  auto* const block = new (memory) Block(made_);
  block->id = static_cast<std::uint32_t>(blocks_.size());
  block->text = static_cast<std::uint32_t>(text);
  block->bytes = static_cast<std::uint16_t>(made_bytes_.size());
  bool kept = block_index_.put(block->address, hash, block->id) && blocks_.push(block);
  for (std::size_t i = 0; i < made_sizes_.size(); ++i) kept = kept && texts_.push(made_sizes_[i]);
  for (std::size_t i = 0; i < made_bytes_.size(); ++i) kept = kept && texts_.push(made_bytes_[i]);
  return kept ? block : nowhere_;
}

void Profile::enter(Block* block, std::int64_t executed) {
  // The block of the mark that began the iteration, if nothing else is in it: QEMU tells of the mark first.
  const bool mark_itself = active_ && !started_ && executed < last_;
  if (block == current_ && executed == last_) return;  // the next round of a rep instruction
  if (active_ && !mark_itself) {
    if (started_) {
      const std::int64_t in_current = executed - last_;
      charge(current_, in_current);
      follow(*block, in_current);
    } else {
      started_ = true;
      context_ = context_of(kNoContext, block->address, 0, kRoot);
    }
    last_ = executed;
  } else if (outside_) {
    if (current_ != nullptr) current_->outside += executed - last_;
    last_ = executed;
  }
  current_ = block;
}

void Profile::charge(Block* block, std::int64_t instructions) {
  if (instructions == 0) return;
  const std::uint32_t index = entry_of(block);
  Entry& entry = entries_[index];
  if (entry.now == 0) touched_.push(index);
  entry.now += instructions;
  last_entry_ = index;
}

std::uint32_t Profile::entry_of(Block* block) {
  std::uint32_t& recent = recent_[(context_ * 0x9e3779b1U ^ block->id * 0x85ebca77U) >> (32 - kRecentBits)];
  const Entry& guess = entries_[recent];
  if (guess.block != block || guess.context != context_) recent = look_up(block);
  return recent;
}

std::uint32_t Profile::look_up(Block* block) {
  std::uint32_t index = entry_index_.get(context_, block->id);
  if (index == IndexTable::kNone) {
    index = static_cast<std::uint32_t>(entries_.size());
    const bool room = index < kMaxEntries && entry_index_.put(context_, block->id, index);
    if (!room || !entries_.push({block, 0, context_, kNoContext, 0, 0})) return 0;
  }
  return index;
}

// The first entry's place, which is always there, if there is no room.
std::uint32_t Profile::place_of(std::uint32_t entry) {
  Entry& e = entries_[entry];
  if (e.region == region_) return e.place;
  const auto place = static_cast<std::uint32_t>(in_region_.size());
  if (!in_region_.push(entry)) return 0;
  e.region = region_;
  return e.place = place;
}

// From the block that ran last, and how much of it, to this one: a call, a return, a jump, or an interrupt.
void Profile::follow(const Block& to, std::int64_t executed) {
  const Block& from = *current_;
  if (to.handler) return call(to.address, 0, from.address, kInterrupted);
  if (executed < from.instructions || from.end == End::kFallsThrough) {
    // On inside it (a rep instruction's next round, a restart), behind it, or an exception.
    const bool on = to.address >= from.address && to.address <= from.next;
    return on ? void() : call(to.address, 0, from.address, kInterrupted);
  }
  switch (from.end) {
    case End::kCall:
      if (to.address == from.target) return call(to.address, from.next, from.last, kCalled);
      return call(to.address, 0, from.address, kInterrupted);
    case End::kCallAnywhere:
      return call(to.address, from.next, from.last, kCalled);
    case End::kSystemCall:
      return call(to.address, from.next, from.last, kSystemCalled);
    case End::kReturn:
      return return_to(to.address);
    case End::kSystemReturn:
      return return_from_kernel(to.address);
    case End::kInterruptReturn:
      return to.address == from.next ? void() : return_from_kernel(to.address);  // Linux serialises with one
    case End::kJump:
    case End::kBranch:
      if (to.address == from.target || (from.end == End::kBranch && to.address == from.next)) return;
      return call(to.address, 0, from.address, kInterrupted);
    case End::kJumpAnywhere:
    case End::kFallsThrough:
      return;
  }
}

void Profile::call(std::uint64_t entry, std::uint64_t back, std::uint64_t site, std::uint8_t how) {
  if (depth_ == kMaxFrames) {
    ++lost_calls_;
    return;
  }
  std::uint32_t& known = entries_[last_entry_].called;
  const Context& guess = contexts_[known];
  if (guess.parent != context_ || guess.entry != entry || guess.site != site || guess.how != how) {
    known = context_of(context_, entry, site, how);
  }
  context_ = known;
  frames_[depth_++] = {back, context_, how == kInterrupted};
}

// The caller's context is the one below the frame.
void Profile::return_to(std::uint64_t address) {
  for (std::size_t i = depth_; i > 0 && !frames_[i - 1].asynchronous; --i) {
    if (frames_[i - 1].back != address) continue;
    context_ = contexts_[frames_[i - 1].context].parent;
    depth_ = i - 1;
    return;
  }
  if (depth_ > 0) {
    const Frame& top = frames_[depth_ - 1];
    const Context& called = contexts_[top.context];
    const std::uint64_t far = called.entry > called.site ? called.entry - called.site : called.site - called.entry;
    if (!top.asynchronous && far < kThunk) {
      context_ = contexts_[top.context].parent;
      --depth_;
      return;
    }
  }
  lose(address);
}

void Profile::return_from_kernel(std::uint64_t address) {
  for (std::size_t i = depth_; i > 0; --i) {
    if (!frames_[i - 1].asynchronous && frames_[i - 1].back != address) continue;
    context_ = contexts_[frames_[i - 1].context].parent;
    depth_ = i - 1;
    return;
  }
  lose(address);
}

void Profile::lose(std::uint64_t address) {
  depth_ = 0;
  context_ = context_of(kNoContext, address, 0, kUnknown);
}

std::uint32_t Profile::context_of(std::uint32_t parent, std::uint64_t entry, std::uint64_t site, std::uint8_t how) {
  const std::uint64_t key = (entry >> 32) << 32 | std::uint64_t{parent} << 8 | how;
  const std::uint64_t way = site << 32 | (entry & 0xffffffffU);
  const std::uint32_t known = context_index_.get(key, way);
  if (known != IndexTable::kNone) return known;
  const auto id = static_cast<std::uint32_t>(contexts_.size());
  if (id == kMaxContexts || !context_index_.put(key, way, id)) {
    ++lost_calls_;
    return parent;
  }
  contexts_.push({parent, how, entry, site});
  return id;
}

void Profile::begin_region() {
  drop_iteration();
  outside_ = false;
  for (std::size_t i = 0; i < kind_count_; ++i) {
    kinds_[i].counts.clear();
    kinds_[i].iterations = 0;
  }
  kind_count_ = 0;
  rest_.clear();
  rest_iterations_ = 0;
  ++region_;
  in_region_.clear();
  place_of(0);
}

void Profile::begin_iteration(std::int64_t executed) {
  drop_iteration();
  active_ = true;
  started_ = false;
  last_ = executed;
  depth_ = 0;
}

void Profile::drop_iteration() {
  for (const std::uint32_t index : touched_) entries_[index].now = 0;
  touched_.clear();
  active_ = false;
}

Profile::Kind* Profile::kind_of(const Vector& cost) {
  for (std::size_t i = 0; i < kind_count_; ++i) {
    Kind& kind = kinds_[i];
    if (kind.instructions == cost[kInstructions] && kind.rep_iterations == cost[kRepIterations] &&
        kind.interrupts == cost[kInterrupts] && kind.irets == cost[kIret]) {
      return &kind;
    }
  }
  if (kind_count_ == kMaxKinds) return nullptr;
  Kind& kind = kinds_[kind_count_++];
  kind.instructions = cost[kInstructions];
  kind.rep_iterations = cost[kRepIterations];
  kind.interrupts = cost[kInterrupts];
  kind.irets = cost[kIret];
  return &kind;
}

void Profile::end_iteration(std::int64_t executed, const Vector& cost) {
  if (!active_) return;
  if (started_) charge(current_, executed - last_);
  Kind* const kind = kind_of(cost);
  Growing<std::int64_t>& counts = kind == nullptr ? rest_ : kind->counts;
  ++(kind == nullptr ? rest_iterations_ : kind->iterations);
  for (const std::uint32_t index : touched_) {
    const std::uint32_t place = place_of(index);
    if (counts.grow_to(in_region_.size())) counts[place] += entries_[index].now;
  }
  drop_iteration();
}

}  // namespace aios::count
