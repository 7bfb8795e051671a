// SPDX-License-Identifier: Apache-2.0
// The plugin's output file: JSON, one object a line, each line written with one write() so that a QEMU that is killed
// leaves whole lines. Bounded: past the bound lines are dropped and counted, and only the last line still goes in.
#pragma once

#include <cstddef>
#include <cstdint>

#include "classes.h"

namespace aios::count {

class Output {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

  Output() = default;
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  bool open(const char* path);
  void count_class(Class c, bool counted) { counted_[c] = counted; }

  Output& begin(const char* type);
  Output& field(const char* name, std::uint64_t value);
  Output& field(const char* name, bool value);
  Output& text(const char* name, const char* value);
  Output& vector(const char* name, const Vector& v);  // the counted classes, in the order of the first line
  Output& raw(const char* json);                      // a piece of JSON as it is
  Output& raw(std::uint64_t number);
  Output& raw(char c);
  void end(bool last = false);

  void write_header();
  std::uint64_t dropped() const { return dropped_; }

 private:
  void put(const char* s, std::size_t n);
  void put(const char* s);
  void key(const char* name);

  int fd_ = -1;
  char* line_ = nullptr;
  std::size_t used_ = 0, capacity_ = 0, written_ = 0;
  std::uint64_t dropped_ = 0;
  bool full_ = false;
  std::array<bool, kClassCount> counted_{};
};

}  // namespace aios::count
