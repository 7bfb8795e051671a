// SPDX-License-Identifier: Apache-2.0
// What the profile writes: blocks and contexts once, before the first line that speaks of them.
#include "profile.h"

namespace aios::count {
namespace {

constexpr const char* kHow[] = {"root", "call", "syscall", "interrupt", "unknown"};  // by Context::how

}  // namespace

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
  for (std::size_t k = 0; k < kind_count_; ++k) others += &kinds_[k] == shown ? 0 : kinds_[k].iterations;
  Growing<std::int64_t> rest;
  rest.grow_to(entries_.size());
  for (std::size_t i = 0; i < rest.size(); ++i) {
    rest[i] = at(rest_, i);
    for (std::size_t k = 0; k < kind_count_; ++k) rest[i] += &kinds_[k] == shown ? 0 : at(kinds_[k].counts, i);
    if (rest[i] == 0 && (shown == nullptr || at(shown->counts, i) == 0)) continue;
    write_block(entries_[i].block);
    write_context(entries_[i].context);
  }
  out_.begin("region").field("number", number).field("tag", std::uint64_t{tag});
  out_.field("typical_iterations", shown == nullptr ? 0 : shown->iterations).field("other_iterations", others);
  out_.field("lost_calls", lost_calls_).raw(",\"entries\":\"");
  bool first = true;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const std::int64_t typical_count = shown == nullptr ? 0 : at(shown->counts, i);
    if (typical_count == 0 && rest[i] == 0) continue;
    out_.raw(first ? "" : ";").raw(std::uint64_t{entries_[i].context}).raw(" ");
    out_.raw(std::uint64_t{entries_[i].block->id}).raw(" ");
    out_.raw(static_cast<std::uint64_t>(typical_count)).raw(" ").raw(static_cast<std::uint64_t>(rest[i]));
    first = false;
  }
  out_.raw("\"").end();
}

// What was executed since the point before: without calls, which would make a boot half as long again.
void Profile::point(std::uint8_t id, std::int64_t executed) {
  if (!spans_ || !outside_) return;
  if (current_ != nullptr) current_->outside += executed - last_;
  last_ = executed;
  for (Block* block : blocks_) {
    if (block->outside != 0) write_block(block);
  }
  out_.begin("span").field("point", std::uint64_t{id}).raw(",\"entries\":\"");
  bool first = true;
  for (Block* block : blocks_) {
    if (block->outside == 0) continue;
    out_.raw(first ? "" : ";").raw(std::uint64_t{block->id}).raw(" ");
    out_.raw(static_cast<std::uint64_t>(block->outside));
    block->outside = 0;
    first = false;
  }
  out_.raw("\"").end();
}

void Profile::write_block(Block* block) {
  if (block->written) return;
  block->written = true;
  constexpr const char* kDigits = "0123456789abcdef";
  const auto digit = [&](unsigned value) {
    const char text[2] = {kDigits[value & 15U], '\0'};
    out_.raw(text);
  };
  out_.begin("block").field("id", std::uint64_t{block->id}).field("address", block->address);
  out_.raw(",\"sizes\":\"");
  for (std::size_t i = 0; i < block->instructions; ++i) digit(texts_[block->text + i]);
  out_.raw("\",\"code\":\"");
  for (std::size_t i = 0; i < block->bytes; ++i) {
    const std::uint8_t byte = texts_[block->text + block->instructions + i];
    digit(byte >> 4U);
    digit(byte);
  }
  out_.raw("\"").end();
}

void Profile::write_context(std::uint32_t id) {
  Context& context = contexts_[id];
  if (context.written) return;
  context.written = true;
  write_context(context.parent);  // made before it, so at most kMaxFrames deep
  out_.begin("context").field("id", std::uint64_t{id}).field("parent", std::uint64_t{context.parent});
  out_.field("entry", context.entry).field("site", context.site).text("how", kHow[context.how]).end();
}

void Profile::finish() {
  drop_iteration();
  out_.begin("end").field("blocks", blocks_.size()).field("lost_calls", lost_calls_);
  out_.field("dropped_lines", out_.dropped()).end(true);
}

}  // namespace aios::count
