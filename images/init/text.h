// SPDX-License-Identifier: Apache-2.0
// A text of bounded length, always terminated, built without a heap: PID 1 has nobody to report an allocation failure
// to. What does not fit is cut.
#pragma once

#include <cstddef>
#include <string_view>

namespace aios::init {

template <std::size_t Size>
class Text {
 public:
  Text& operator<<(std::string_view more) {
    for (const char c : more) {
      if (length_ + 1 < Size) text_[length_++] = c;
    }
    text_[length_] = '\0';
    return *this;
  }
  Text& operator<<(const char* more) { return *this << std::string_view(more != nullptr ? more : "?"); }
  Text& operator<<(long long number) {
    char digits[24];
    std::size_t at = sizeof digits;
    const bool negative = number < 0;
    auto rest = negative ? 0ULL - static_cast<unsigned long long>(number) : static_cast<unsigned long long>(number);
    do digits[--at] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (negative) digits[--at] = '-';
    return *this << std::string_view(digits + at, sizeof digits - at);
  }
  Text& operator<<(int number) { return *this << static_cast<long long>(number); }
  Text& operator<<(char c) { return *this << std::string_view(&c, 1); }

  const char* c_str() const { return text_; }
  char* data() { return text_; }
  std::size_t size() const { return length_; }
  void cut(std::size_t length) { text_[length_ = length] = '\0'; }

 private:
  char text_[Size] = {};
  std::size_t length_ = 0;
};

}  // namespace aios::init
