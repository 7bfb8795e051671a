// SPDX-License-Identifier: Apache-2.0
// What the profile writes: blocks and contexts once, before the first line that speaks of them.
#include "profile.h"

namespace aios::count {

void Profile::end_region(std::uint64_t number, std::uint32_t tag, const Vector* typical) {
  drop_iteration();
  const Kind* shown = typical == nullptr ? nullptr : [&]() -> const Kind* {
    for (const Kind& kind : kinds_) {
      if (kind.iterations > 0 && kind.instructions == (*typical)[kInstructions] &&
          kind.rep_iterations == (*typical)[kRepIterations] && kind.interrupts == (*typical)[kInterrupts] &&
          kind.irets == (*typical)[kIret]) {
        return &kind;
      }
    }
    return nullptr;
  }();
  const auto at = [](const Growing<std::int64_t>& counts, std::size_t i) { return i < counts.size() ? counts[i] : 0; };
  std::uint64_t others = rest_iterations_;
  rest_.grow_to(in_region_.size());
  for (std::size_t k = 0; k < kind_count_; ++k) {
    if (&kinds_[k] == shown) continue;
    others += kinds_[k].iterations;
    for (std::size_t i = 0; i < kinds_[k].counts.size() && i < rest_.size(); ++i) rest_[i] += kinds_[k].counts[i];
  }
  Growing<Block*> blocks;
  for (const std::uint32_t index : in_region_) blocks.push(entries_[index].block);
  write_blocks(blocks);
  write_contexts();
  out_.begin("region").field("number", number).field("tag", std::uint64_t{tag});
  out_.field("typical_iterations", shown == nullptr ? 0 : shown->iterations).field("other_iterations", others);
  out_.field("lost_calls", lost_calls_).raw(",\"entries\":\"");
  const char* between = "";
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const std::int64_t typical_count = shown == nullptr ? 0 : at(shown->counts, i);
    if (typical_count == 0 && rest_[i] == 0) continue;
    const Entry& entry = entries_[in_region_[i]];
    out_.raw(between).raw(std::uint64_t{entry.context}).raw(" ").raw(std::uint64_t{entry.block->id}).raw(" ");
    out_.raw(static_cast<std::uint64_t>(typical_count)).raw(" ").raw(static_cast<std::uint64_t>(rest_[i]));
    between = ";";
  }
  out_.raw("\"").end();
}

// What was executed since the point before: without calls, which would make a boot half as long again.
void Profile::point(std::uint8_t id, std::int64_t executed) {
  if (!spans_ || !outside_) return;
  if (current_ != nullptr) current_->outside += executed - last_;
  last_ = executed;
  Growing<Block*> blocks;
  for (Block* block : blocks_) {
    if (block->outside != 0) blocks.push(block);
  }
  write_blocks(blocks);
  out_.begin("span").field("point", std::uint64_t{id}).raw(",\"entries\":\"");
  const char* between = "";
  for (Block* block : blocks) {
    out_.raw(between).raw(std::uint64_t{block->id}).raw(" ").raw(static_cast<std::uint64_t>(block->outside));
    block->outside = 0;
    between = ";";
  }
  out_.raw("\"").end();
}

void Profile::write_blocks(const Growing<Block*>& blocks) {
  bool any = false;
  for (Block* block : blocks) {
    if (block->written) continue;
    block->written = true;
    if (!any) out_.begin("blocks").raw(",\"rows\":\"");
    out_.raw(any ? ";" : "");
    any = true;
    row_of(block);
  }
  if (any) out_.raw("\"").end();
}

void Profile::row_of(Block* block) {
  constexpr const char* kDigits = "0123456789abcdef";
  const auto digit = [&](unsigned value) { out_.raw(kDigits[value & 15U]); };
  out_.raw(std::uint64_t{block->id}).raw(" ").raw(block->address).raw(" ");
  for (std::size_t i = 0; i < block->instructions; ++i) digit(texts_[block->text + i]);
  out_.raw(" ");
  for (std::size_t i = 0; i < block->bytes; ++i) {
    const std::uint8_t byte = texts_[block->text + block->instructions + i];
    digit(byte >> 4U);
    digit(byte);
  }
}

// All that are new: a parent is always older than what it called.
void Profile::write_contexts() {
  if (contexts_written_ == contexts_.size()) return;
  out_.begin("contexts").raw(",\"rows\":\"");
  for (const char* between = ""; contexts_written_ < contexts_.size(); between = ";") {
    const Context& context = contexts_[contexts_written_];
    out_.raw(between).raw(std::uint64_t{contexts_written_++}).raw(" ").raw(std::uint64_t{context.parent}).raw(" ");
    out_.raw(context.entry).raw(" ").raw(context.site).raw(" ").raw(std::uint64_t{context.how});
  }
  out_.raw("\"").end();
}

void Profile::finish() {
  drop_iteration();
  out_.begin("end").field("blocks", blocks_.size()).field("lost_calls", lost_calls_);
  out_.field("dropped_lines", out_.dropped()).end(true);
}

}  // namespace aios::count
