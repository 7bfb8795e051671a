// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace aios::count {

Output::~Output() {
  if (fd_ >= 0) ::close(fd_);
  std::free(line_);
}

bool Output::open(const char* path) {
  fd_ = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  counted_.fill(true);
  return fd_ >= 0;
}

void Output::put(const char* s, std::size_t n) {
  if (full_) return;
  if (used_ + n > capacity_) {
    std::size_t wanted = capacity_ == 0 ? 4096 : capacity_;
    while (wanted < used_ + n) wanted *= 2;
    auto* grown = static_cast<char*>(std::realloc(line_, wanted));
    if (grown == nullptr) {
      full_ = true;
      return;
    }
    line_ = grown;
    capacity_ = wanted;
  }
  std::memcpy(line_ + used_, s, n);
  used_ += n;
}

void Output::put(const char* s) { put(s, std::strlen(s)); }

Output& Output::raw(const char* json) {
  put(json);
  return *this;
}

Output& Output::raw(char c) {
  put(&c, 1);
  return *this;
}

Output& Output::raw(std::uint64_t number) {
  char digits[20];
  std::size_t at = sizeof digits;
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  put(digits + at, sizeof digits - at);
  return *this;
}

void Output::key(const char* name) { raw(",\"").raw(name).raw("\":"); }

Output& Output::begin(const char* type) {
  used_ = 0;
  full_ = false;
  return raw("{\"type\":\"").raw(type).raw("\"");
}

Output& Output::field(const char* name, std::uint64_t value) {
  key(name);
  return raw(value);
}

Output& Output::field(const char* name, bool value) {
  key(name);
  return raw(value ? "true" : "false");
}

Output& Output::text(const char* name, const char* value) {
  key(name);
  put("\"");
  for (; *value != '\0'; ++value) {
    const bool plain = *value >= ' ' && *value < 0x7f && *value != '"' && *value != '\\';
    put(plain ? value : "?", 1);
  }
  put("\"");
  return *this;
}

Output& Output::vector(const char* name, const Vector& v) {
  key(name);
  put("[");
  bool first = true;
  for (unsigned c = 0; c < kClassCount; ++c) {
    if (!counted_[c]) continue;
    if (!first) put(",");
    first = false;
    raw(v[c]);
  }
  put("]");
  return *this;
}

void Output::end(bool last) {
  put("}\n");
  if (full_ || (written_ + used_ > kMaxBytes && !last)) {
    ++dropped_;
    return;
  }
  std::size_t done = 0;
  while (done < used_) {
    const ssize_t n = ::write(fd_, line_ + done, used_ - done);
    if (n <= 0) {
      ++dropped_;
      return;
    }
    done += static_cast<std::size_t>(n);
  }
  written_ += used_;
}

void Output::write_header() {
  begin("header").field("schema", std::uint64_t{1}).raw(",\"classes\":[");
  bool first = true;
  for (unsigned c = 0; c < kClassCount; ++c) {
    if (!counted_[c]) continue;
    raw(first ? "\"" : ",\"").raw(kClassNames[c]).raw("\"");
    first = false;
  }
  raw("]").end();
}

}  // namespace aios::count
