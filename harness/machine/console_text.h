// SPDX-License-Identifier: Apache-2.0
// The bytes of a serial console as lines, and what is kept of them. Bounded whatever comes: a line by its length, the
// history by a head and a tail.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace aios {

// Cuts bytes into lines: carriage returns and terminal escapes (GRUB and OVMF paint their menus with them) taken out.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t line_length) : line_length_(line_length) {}

  // `on_line` sees every whole line.
  void feed(std::string_view bytes, const std::function<void(std::string_view)>& on_line);
  // What has come of the line that is not whole yet: a prompt, or a last word before death.
  const std::string& pending() const { return line_; }
  std::string take_pending() { return std::exchange(line_, {}); }

 private:
  void put(char c, const std::function<void(std::string_view)>& on_line);
  enum class Escape { none, started, bracket } escape_ = Escape::none;
  std::size_t line_length_;
  std::string line_;
};

// The first `head` and the last `tail` bytes of a stream.
class ConsoleHistory {
 public:
  ConsoleHistory(std::size_t head, std::size_t tail) : head_limit_(head), tail_limit_(tail) {}

  void append(std::string_view bytes);
  std::uint64_t total() const { return total_; }
  bool cut() const { return total_ > head_.size() + tail_.size(); }
  // Head and tail, with a line between them that says how much is missing.
  std::string text() const;

 private:
  std::size_t head_limit_, tail_limit_;
  std::string head_, tail_;
  std::uint64_t total_ = 0;
};

}  // namespace aios
