// SPDX-License-Identifier: Apache-2.0
#include "regions.h"

#include <algorithm>
#include <cstdlib>

namespace aios::count {
namespace {

// A mark is an instruction, and not part of what it marks.
Vector after_mark(Vector now) {
  ++now[kInstructions];
  return now;
}

}  // namespace

Regions::~Regions() {
  std::free(kept_);
  std::free(order_);
}

void Regions::mark(MarkKind kind, std::uint8_t id, const Vector& now) {
  switch (kind) {
    case MarkKind::kRegionBegin:
      return begin_region(now);
    case MarkKind::kRegionEnd:
      if (!in_region_) {
        ++errors_.region_not_begun;
        return;
      }
      return end_region(now, true);
    case MarkKind::kIterBegin:
      return begin_iteration(now);
    case MarkKind::kIterEnd:
      return end_iteration(now);
    case MarkKind::kPoint:
      return point(id, now);
    case MarkKind::kTagDigit:
      next_tag_ = next_tag_ << 4 | (id & 15U);
      return;
    case MarkKind::kNone:
      return;
  }
}

void Regions::begin_region(const Vector& now) {
  if (in_region_) {
    ++errors_.region_not_ended;
    end_region(now, false);
  }
  in_region_ = true;
  in_iteration_ = false;
  tag_ = next_tag_;
  next_tag_ = 0;
  iterations_ = kept_count_ = 0;
  sum_ = {};
  region_at_ = after_mark(now);
  if (profile_ != nullptr) profile_->begin_region();
}

void Regions::begin_iteration(const Vector& now) {
  if (!in_region_) {
    ++errors_.iteration_outside;
    return;
  }
  if (in_iteration_) ++errors_.iteration_not_ended;
  in_iteration_ = true;
  iteration_at_ = after_mark(now);
  if (profile_ != nullptr) profile_->begin_iteration(static_cast<std::int64_t>(iteration_at_[kInstructions]));
}

void Regions::end_iteration(const Vector& now) {
  if (!in_iteration_) {
    ++errors_.iteration_not_begun;
    return;
  }
  in_iteration_ = false;
  ++iterations_;
  const Vector v = now - iteration_at_;
  sum_ += v;
  if (profile_ != nullptr) profile_->end_iteration(static_cast<std::int64_t>(now[kInstructions]), v);
  if (keep(v)) ++kept_count_;
}

bool Regions::keep(const Vector& v) {
  if (kept_count_ == kMaxKept) return false;
  if (kept_count_ == capacity_) {
    const std::size_t wanted = capacity_ == 0 ? 256 : capacity_ * 2;
    auto* const grown = static_cast<Vector*>(std::realloc(kept_, wanted * sizeof(Vector)));
    if (grown == nullptr) return false;
    kept_ = grown;
    auto* const order = static_cast<std::uint32_t*>(std::realloc(order_, wanted * sizeof(std::uint32_t)));
    if (order == nullptr) return false;
    order_ = order;
    capacity_ = wanted;
  }
  kept_[kept_count_] = v;
  return true;
}

void Regions::point(std::uint8_t id, const Vector& now) {
  if (points_ == kMaxPoints) {
    ++errors_.too_many_points;
    return;
  }
  ++points_;
  if (profile_ != nullptr) profile_->point(id, static_cast<std::int64_t>(now[kInstructions]));
  out_->begin("point").field("id", std::uint64_t{id}).vector("at", now).end();
}

void Regions::end_region(const Vector& now, bool complete) {
  if (in_iteration_) ++errors_.iteration_not_ended;
  in_region_ = in_iteration_ = false;
  const std::uint64_t number = regions_++;
  if (number >= kMaxRegions) {
    ++errors_.too_many_regions;
    if (profile_ != nullptr) profile_->drop_iteration();
    return;
  }
  out_->begin("region").field("number", number).field("tag", std::uint64_t{tag_}).field("complete", complete);
  out_->field("iterations", iterations_).field("kept", kept_count_).field("truncated", kept_count_ != iterations_);
  out_->vector("begin", region_at_).vector("total", now - region_at_).vector("sum", sum_);
  const Vector* const typical = kept_count_ > 0 ? write_iterations() : nullptr;
  out_->end();
  if (profile_ != nullptr) profile_->end_region(number, tag_, typical);
}

// Sorted by instructions, then rep iterations, then order of appearance: the median is an iteration that happened.
const Vector* Regions::write_iterations() {
  const Class rule = interrupts_known_ ? kInterrupts : kIret;
  std::uint64_t quiet = interrupts_known_ ? 0 : kept_[0][rule];
  for (std::size_t i = 0; i < kept_count_; ++i) {
    order_[i] = static_cast<std::uint32_t>(i);
    quiet = std::min(quiet, kept_[i][rule]);
  }
  std::sort(order_, order_ + kept_count_, [this](std::uint32_t a, std::uint32_t b) {
    const Vector &x = kept_[a], &y = kept_[b];
    if (x[kInstructions] != y[kInstructions]) return x[kInstructions] < y[kInstructions];
    if (x[kRepIterations] != y[kRepIterations]) return x[kRepIterations] < y[kRepIterations];
    return a < b;
  });
  const Vector* typical = &kept_[order_[(kept_count_ - 1) / 2]];
  out_->vector("median", *typical);
  out_->vector("min", kept_[order_[0]]).vector("max", kept_[order_[kept_count_ - 1]]);

  Vector quiet_sum{};
  std::size_t quiet_count = 0;
  for (std::size_t i = 0; i < kept_count_; ++i) {
    if (kept_[order_[i]][rule] != quiet) continue;
    quiet_sum += kept_[order_[i]];
    order_[quiet_count++] = order_[i];  // stays sorted
  }
  out_->text("quiet_rule", kClassNames[rule]).field("quiet_value", quiet).field("quiet_iterations", quiet_count);
  out_->field("interrupted_iterations", kept_count_ - quiet_count);
  if (quiet_count > 0) {
    typical = &kept_[order_[(quiet_count - 1) / 2]];
    out_->vector("quiet_median", *typical);
  }
  out_->vector("quiet_sum", quiet_sum);
  write_runs(rule, quiet);
  return typical;
}

// [how many in a row, instructions, rep iterations, interrupted]
void Regions::write_runs(Class rule, std::uint64_t quiet) {
  const auto same = [&](std::size_t a, std::size_t b) {
    return kept_[a][kInstructions] == kept_[b][kInstructions] && kept_[a][kRepIterations] == kept_[b][kRepIterations] &&
           (kept_[a][rule] == quiet) == (kept_[b][rule] == quiet);
  };
  std::uint64_t runs = 1;
  for (std::size_t i = 1; i < kept_count_; ++i) runs += same(i - 1, i) ? 0 : 1;
  if (runs > kMaxRuns) return;
  out_->raw(",\"runs\":[");
  for (std::size_t from = 0; from < kept_count_;) {
    std::size_t to = from + 1;
    while (to < kept_count_ && same(from, to)) ++to;
    out_->raw(from == 0 ? "[" : ",[").raw(to - from).raw(",").raw(kept_[from][kInstructions]).raw(",");
    out_->raw(kept_[from][kRepIterations]).raw(kept_[from][rule] == quiet ? ",0]" : ",1]");
    from = to;
  }
  out_->raw("]");
}

void Regions::finish(const Vector& now) {
  if (!in_region_) return;
  ++errors_.region_not_ended;
  end_region(now, false);
}

}  // namespace aios::count
