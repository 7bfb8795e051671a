// SPDX-License-Identifier: Apache-2.0
// Markers are an ordered list of plain texts: one counts only when all before it have been seen. A marker that comes
// too early is remembered, for the message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/machine/evidence.h"

namespace aios {

class MarkerList {
 public:
  explicit MarkerList(const std::vector<std::string>& texts);

  // Returns how many markers this line newly reaches. A line may be looked at again when it has grown: `position` is
  // where in it the next marker may begin, and moves on with each one found.
  std::size_t look(std::string_view line, std::size_t& position, Duration at);
  bool complete() const { return next_ == seen_.size(); }
  std::size_t reached() const { return next_; }
  const std::vector<MarkerSeen>& seen() const { return seen_; }
  // "'b' was not seen (it came too early ...)": about the first one missing.
  std::string missing() const;

 private:
  std::vector<MarkerSeen> seen_;
  std::vector<bool> early_;
  std::size_t next_ = 0;
};

}  // namespace aios
