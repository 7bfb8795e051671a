// SPDX-License-Identifier: Apache-2.0
// The frame: what a guest says to the harness, as one line that survives being mixed into a kernel log on a serial
// line.
//
//   @AB1 <length> <crc32> <json>\n        length of the JSON in decimal, CRC-32 of it in eight hex digits
//
// Shared by both sides. A Frame is built in a buffer of its own: no heap, no exceptions, no C library, so that PID 1,
// the benchmark driver and freestanding kernels use the same code. The JSON holds printable ASCII only (everything else
// is escaped, '@' too): no terminal line discipline changes it, and a line break or a marker inside a frame always
// means that it was torn.
//
//   Frame<512> frame("check");
//   frame.text("name", "tmpfs").boolean("ok", true);
//   if (frame.finish()) write_all(fd, frame.data(), frame.size());     // one write; begins with a line break
#pragma once

#include <cstddef>
#include <cstdint>

namespace aios::wire {

inline constexpr char kMarker[] = "@AB1 ";
inline constexpr std::size_t kMarkerLength = sizeof kMarker - 1;
inline constexpr std::size_t kMaxBody = 65536;                            // of JSON, in bytes
inline constexpr std::size_t kMaxHeader = kMarkerLength + 5 + 1 + 8 + 1;  // "@AB1 65536 89abcdef "
inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

// Polynomial 0xEDB88320, as zlib's; four bits a step.
constexpr std::uint32_t crc32(const char* bytes, std::size_t length) {
  constexpr std::uint32_t kTable[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = 0; i < length; ++i) {
    crc ^= static_cast<unsigned char>(bytes[i]);
    crc = (crc >> 4) ^ kTable[crc & 15];
    crc = (crc >> 4) ^ kTable[crc & 15];
  }
  return ~crc;
}

// `Body` bytes of JSON at most. What does not fit makes finish() return false: a frame is whole or not sent.
template <std::size_t Body>
class Frame {
 public:
  static_assert(Body >= 64 && Body <= kMaxBody);

  explicit Frame(const char* type) { start(type); }

  // Begins anew, so that one buffer serves many frames.
  void start(const char* type) {
    end_ = kFront;
    size_ = 0;
    full_ = false;
    first_ = true;
    put('{');
    text("t", type);
  }

  Frame& text(const char* key, const char* value, std::size_t limit = kNoLimit) {
    name(key);
    put('"');
    for (std::size_t i = 0; i < limit && value[i] != '\0'; ++i) put_escaped(value[i]);
    put('"');
    return *this;
  }
  Frame& integer(const char* key, long long value) {
    name(key);
    put_integer(value);
    return *this;
  }
  Frame& number(const char* key, double value) {
    name(key);
    put_number(value);
    return *this;
  }
  Frame& boolean(const char* key, bool value) {
    name(key);
    put_text(value ? "true" : "false");
    return *this;
  }

  // "values":[[323,9000],[420,1]]: open, any number of runs, close. room() tells when to stop.
  Frame& open_runs(const char* key) {
    name(key);
    put('[');
    first_ = true;
    return *this;
  }
  Frame& run(double value, long long times) {
    separate();
    put('[');
    put_number(value);
    put(',');
    put_integer(times);
    put(']');
    return *this;
  }
  Frame& close_runs() {
    put(']');
    first_ = false;
    return *this;
  }

  std::size_t room() const { return kFront + Body - end_; }
  bool fits() const { return !full_; }

  // Closes the JSON and puts the header before it. False: it did not fit, and there is nothing to send.
  bool finish() {
    put('}');
    if (full_) return false;
    const std::size_t length = end_ - kFront;
    const std::uint32_t crc = crc32(buffer_ + kFront, length);
    buffer_[end_++] = '\n';
    begin_ = kFront;
    push_front(' ');
    for (int shift = 0; shift < 32; shift += 4) push_front("0123456789abcdef"[(crc >> shift) & 15]);
    push_front(' ');
    std::size_t rest = length;
    do push_front(static_cast<char>('0' + rest % 10));
    while ((rest /= 10) != 0);
    for (std::size_t i = kMarkerLength; i > 0; --i) push_front(kMarker[i - 1]);
    push_front('\n');  // ends whatever stood unfinished on the line
    size_ = end_ - begin_;
    return true;
  }
  const char* data() const { return buffer_ + begin_; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kFront = kMaxHeader + 1;

  void push_front(char c) { buffer_[--begin_] = c; }
  void put(char c) {
    if (end_ >= kFront + Body) {
      full_ = true;
    } else {
      buffer_[end_++] = c;
    }
  }
  void put_text(const char* text) {
    while (*text != '\0') put(*text++);
  }
  void put_escaped(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      put('\\');
      put(c);
    } else if (byte >= 0x20 && byte < 0x7f && c != kMarker[0]) {
      put(c);
    } else {
      put_text("\\u00");
      put("0123456789abcdef"[byte >> 4]);
      put("0123456789abcdef"[byte & 15]);
    }
  }
  void separate() {
    if (!first_) put(',');
    first_ = false;
  }
  void name(const char* key) {
    separate();
    put('"');
    put_text(key);
    put_text("\":");
  }
  void put_integer(long long value) {
    char digits[20];
    int count = 0;
    auto rest = static_cast<unsigned long long>(value);
    if (value < 0) {
      put('-');
      rest = 0 - rest;
    }
    do digits[count++] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    while (count > 0) put(digits[--count]);
  }
  // Whole numbers exactly, others with nine significant digits; what is not a number is null, which nobody believes.
  void put_number(double value) {
    if (!(value - value == 0)) return put_text("null");
    if (value < 0) {
      put('-');
      value = -value;
    }
    if (value < 9e15 && value == static_cast<double>(static_cast<long long>(value))) {
      return put_integer(static_cast<long long>(value));
    }
    int exponent = 0;
    for (; value >= 10; value /= 10) ++exponent;
    for (; value < 1; value *= 10) --exponent;
    auto scaled = static_cast<long long>(value * 1e8 + 0.5);  // NOLINT: no C library here, and value is positive
    if (scaled >= 1'000'000'000) {
      scaled /= 10;
      ++exponent;
    }
    put_integer(scaled / 100'000'000);
    put('.');
    for (long long place = 10'000'000; place > 0; place /= 10) put(static_cast<char>('0' + scaled / place % 10));
    put('e');
    put_integer(exponent);
  }

  char buffer_[kFront + Body + 1];  // the line break after the JSON has its place
  std::size_t begin_ = kFront, end_ = kFront, size_ = 0;
  bool full_ = false, first_ = true;
};

}  // namespace aios::wire
