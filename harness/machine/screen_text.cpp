// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/screen_text.h"

#include <algorithm>
#include <map>
#include <utility>

namespace aios {

std::vector<std::string> decode_screen(std::string_view cells) {
  std::vector<std::string> rows;
  std::size_t foreign = 0;
  const std::size_t whole = std::min(cells.size() / 2 / kScreenColumns, kScreenRows);
  std::string line;
  for (std::size_t row = 0; row < whole; ++row) {
    for (std::size_t column = 0; column < kScreenColumns; ++column) {
      const char c = cells[(row * kScreenColumns + column) * 2];
      const auto byte = static_cast<unsigned char>(c);
      const bool text = byte >= 0x20 && byte < 0x7f;
      if (!text && byte != 0) ++foreign;
      line += text ? c : ' ';
    }
    if (line.back() != ' ' && row + 1 < whole) continue;
    line.erase(line.find_last_not_of(' ') + 1);
    if (!line.empty()) rows.push_back(std::exchange(line, {}));
    line.clear();
  }
  // Box drawing fills a part of a text screen (GRUB's menu); a graphics mode reads as something else all over.
  if (foreign > whole * kScreenColumns / 2) rows.clear();
  return rows;
}

std::vector<std::string> ScreenHistory::update(const std::vector<std::string>& rows) {
  std::map<std::string_view, int> known;
  for (const auto& row : now_) ++known[row];
  std::vector<std::string> fresh;
  for (const auto& row : rows) {
    if (--known[row] < 0) fresh.push_back(row);
  }
  now_ = rows;
  const auto room = std::min(fresh.size(), max_lines_ - std::min(max_lines_, lines_.size()));
  lines_.insert(lines_.end(), fresh.begin(), fresh.begin() + static_cast<std::ptrdiff_t>(room));
  return fresh;
}

}  // namespace aios
