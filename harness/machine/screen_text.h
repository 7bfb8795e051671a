// SPDX-License-Identifier: Apache-2.0
// The text of a VGA screen (80 by 25 cells of character and attribute), and its history: lines scroll away and a line
// of success can live for milliseconds, so whatever was new in any look is kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

inline constexpr std::size_t kScreenColumns = 80;
inline constexpr std::size_t kScreenRows = 25;
inline constexpr std::size_t kScreenBytes = kScreenColumns * kScreenRows * 2;

// Rows without trailing blanks; a row that is filled to its end goes on in the next one and is joined with it. A
// screen that is in graphics mode (all ones, or mostly no text) has no rows.
std::vector<std::string> decode_screen(std::string_view cells);

class ScreenHistory {
 public:
  explicit ScreenHistory(std::size_t max_lines = 2000) : max_lines_(max_lines) {}
  // The rows that the last look had not, in order.
  std::vector<std::string> update(const std::vector<std::string>& rows);
  const std::vector<std::string>& now() const { return now_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::size_t max_lines_;
  std::vector<std::string> now_, lines_;
};

}  // namespace aios
