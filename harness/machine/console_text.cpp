// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/console_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace aios {

void LineSplitter::feed(std::string_view bytes, const std::function<void(std::string_view)>& on_line) {
  for (const char c : bytes) put(c, on_line);
}

void LineSplitter::put(char c, const std::function<void(std::string_view)>& on_line) {
  const auto byte = static_cast<unsigned char>(c);
  if (escape_ == Escape::started) {
    escape_ = c == '[' ? Escape::bracket : Escape::none;
    return;
  }
  if (escape_ == Escape::bracket && c != '\n') {
    if (byte >= 0x40 && byte <= 0x7e) escape_ = Escape::none;
    return;
  }
  escape_ = Escape::none;
  if (c == '\x1b') {
    escape_ = Escape::started;
  } else if (c == '\n') {
    on_line(line_);
    line_.clear();
  } else if (c != '\r' && c != '\0' && line_.size() < line_length_) {
    line_ += c;
  }
}

void ConsoleHistory::append(std::string_view bytes) {
  total_ += bytes.size();
  const auto room = std::min(bytes.size(), head_limit_ - head_.size());
  head_ += bytes.substr(0, room);
  bytes.remove_prefix(room);
  if (bytes.size() > tail_limit_) bytes.remove_prefix(bytes.size() - tail_limit_);
  tail_ += bytes;
  // Trimmed when it is twice as long as wanted, so that a byte is moved about once.
  if (tail_.size() > 2 * tail_limit_) tail_.erase(0, tail_.size() - tail_limit_);
}

std::string ConsoleHistory::text() const {
  std::string_view tail = tail_;
  if (tail.size() > tail_limit_) tail.remove_prefix(tail.size() - tail_limit_);
  const std::uint64_t missing = total_ - head_.size() - tail.size();
  if (missing == 0) return head_ + std::string(tail);
  return fmt::format("{}\n[... {} bytes left out ...]\n{}", head_, missing, tail);
}

}  // namespace aios
