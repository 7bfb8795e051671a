// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/marker_list.h"

#include <fmt/format.h>

#include "harness/support/text.h"

namespace aios {

MarkerList::MarkerList(const std::vector<std::string>& texts) : early_(texts.size(), false) {
  for (const auto& text : texts) seen_.push_back({.text = text});
}

std::size_t MarkerList::look(std::string_view line, std::size_t& position, Duration at) {
  std::size_t found = 0;
  while (next_ < seen_.size()) {
    auto& marker = seen_[next_];
    const auto where = line.find(marker.text, std::min(position, line.size()));
    if (where == std::string_view::npos) break;
    marker.at = at;
    marker.line = printable(line.substr(0, 400));
    position = where + marker.text.size();
    ++next_;
    ++found;
  }
  for (std::size_t i = next_ + 1; i < seen_.size(); ++i) {
    if (!early_[i] && line.find(seen_[i].text) != std::string_view::npos) early_[i] = true;
  }
  return found;
}

std::string MarkerList::missing() const {
  if (complete()) return {};
  std::string early;
  for (std::size_t i = next_ + 1; i < seen_.size(); ++i) {
    if (early_[i]) early += fmt::format("{}'{}'", early.empty() ? "; too early came " : ", ", seen_[i].text);
  }
  return fmt::format("marker {} of {} was not seen: '{}'{}", next_ + 1, seen_.size(), seen_[next_].text, early);
}

}  // namespace aios
