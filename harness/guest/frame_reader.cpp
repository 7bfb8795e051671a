// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/frame_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/guest/frame.h"
#include "harness/support/hash.h"

namespace aios {
namespace {

constexpr std::string_view kMarker(wire::kMarker, wire::kMarkerLength);
constexpr std::size_t kLengthDigits = 5, kChecksumDigits = 8;

enum class HeaderState { whole, incomplete, bad };

struct Header {
  HeaderState state = HeaderState::bad;
  std::size_t size = 0;  // of the header itself, marker included
  std::size_t length = 0;
  std::uint32_t checksum = 0;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// `text` begins with the marker.
Header read_header(std::string_view text) {
  Header header;
  std::size_t at = kMarker.size();
  const std::size_t digits_from = at;
  while (at < text.size() && at - digits_from < kLengthDigits && text[at] >= '0' && text[at] <= '9') {
    header.length = header.length * 10 + static_cast<std::size_t>(text[at++] - '0');
  }
  if (at == text.size()) return {.state = HeaderState::incomplete};
  if (at == digits_from || text[digits_from] == '0' || text[at++] != ' ') return header;
  for (std::size_t i = 0; i < kChecksumDigits; ++i, ++at) {
    if (at == text.size()) return {.state = HeaderState::incomplete};
    const int digit = hex_digit(text[at]);
    if (digit < 0) return header;
    header.checksum = header.checksum << 4 | static_cast<std::uint32_t>(digit);
  }
  if (at == text.size()) return {.state = HeaderState::incomplete};
  if (text[at++] != ' ') return header;
  header.size = at;
  header.state = HeaderState::whole;
  return header;
}

// Where in `text` the marker stands, or where its beginning stands at the very end; size() if nowhere.
std::size_t find_marker(std::string_view text) {
  const std::size_t whole = text.find(kMarker);
  if (whole != std::string_view::npos) return whole;
  for (std::size_t length = std::min(kMarker.size() - 1, text.size()); length > 0; --length) {
    if (text.ends_with(kMarker.substr(0, length))) return text.size() - length;
  }
  return text.size();
}

}  // namespace

FrameReader::FrameReader(const Clock& clock, OnFrame on_frame, OnLine on_line, FrameLimits limits)
    : clock_(&clock),
      on_frame_(std::move(on_frame)),
      on_line_(std::move(on_line)),
      limits_(limits),
      second_began_(clock.monotonic()) {}

void FrameReader::feed(std::string_view bytes) {
  counts_.bytes += bytes.size();
  // In slices, so that a huge read does not become a huge buffer.
  constexpr std::size_t kSlice = 65536;
  while (!bytes.empty()) {
    const std::string_view slice = bytes.substr(0, kSlice);
    bytes.remove_prefix(slice.size());
    pending_.append(slice);
    while (next() == Step::took) {
    }
    pending_.erase(0, at_);
    at_ = 0;
  }
}

void FrameReader::finish() {
  ended_ = true;
  while (next() == Step::took) {
  }
  log(std::string_view(pending_).substr(at_));
  pending_.clear();
  at_ = 0;
  if (!line_.empty()) end_line();
  ended_ = false;
}

FrameReader::Step FrameReader::next() {
  const std::string_view rest = std::string_view(pending_).substr(at_);
  if (rest.empty()) return Step::need_more;
  const std::size_t marker = find_marker(rest);
  if (marker > 0) {
    log(rest.substr(0, marker));
    at_ += marker;
    return Step::took;
  }
  return at_marker();
}

FrameReader::Step FrameReader::at_marker() {
  const std::string_view rest = std::string_view(pending_).substr(at_);
  if (rest.size() < kMarker.size()) return Step::need_more;
  const Header header = read_header(rest);
  if (header.state == HeaderState::bad) {
    refuse(counts_.bad_header);
    return Step::took;
  }
  if (header.state == HeaderState::whole && header.length > limits_.body_bytes) {
    refuse(counts_.too_long);
    return Step::took;
  }
  const std::size_t wanted = header.state == HeaderState::whole ? header.size + header.length : rest.size();
  // A frame has neither a line break nor a marker inside: one that comes too early says at once that it was torn.
  const std::string_view inside = rest.substr(0, wanted);
  const std::string_view first = inside.substr(0, inside.find(kMarker, kMarker.size()));
  if (first.size() < inside.size() || first.find('\n') != std::string_view::npos) {
    refuse(counts_.torn);
    return Step::took;
  }
  // The line break after it belongs to it: without one the rest of the line could be anything.
  std::size_t end = wanted;
  while (end < rest.size() && end < wanted + 2 && rest[end] == '\r') ++end;
  if (header.state == HeaderState::incomplete || end >= rest.size()) {
    if (!ended_) return Step::need_more;
    refuse(counts_.torn);
    return Step::took;
  }
  const std::string_view body = rest.substr(header.size, header.length);
  if (rest[end] != '\n' || crc32(body) != header.checksum) {
    refuse(counts_.bad_checksum);
    return Step::took;
  }
  at_ += end + 1;
  accept(body);
  return Step::took;
}

// Goes on behind the marker, as log text: in what follows there may be a frame that is whole.
void FrameReader::refuse(std::uint64_t& counter) {
  ++counter;
  log(kMarker);
  at_ += kMarker.size();
}

void FrameReader::accept(std::string_view body) {
  held_empty_line_ = false;
  if (!line_.empty()) end_line();
  if (clock_->monotonic() - second_began_ >= std::chrono::seconds(1)) {
    second_began_ = clock_->monotonic();
    in_this_second_ = 0;
  }
  ++in_this_second_;
  if (overrun_.empty()) {
    if (counts_.frames >= limits_.frames) {
      overrun_ = fmt::format("the guest sent more than {} frames in one boot", limits_.frames);
    } else if (counts_.frame_bytes + body.size() > limits_.frame_bytes) {
      overrun_ = fmt::format("the guest sent more than {} bytes of frames in one boot", limits_.frame_bytes);
    } else if (in_this_second_ > limits_.frames_a_second) {
      overrun_ = fmt::format("the guest sent more than {} frames in one second", limits_.frames_a_second);
    }
  }
  if (!overrun_.empty()) {
    ++counts_.dropped;
    return;
  }
  if (!on_frame_(body)) {
    ++counts_.bad_message;
    return;
  }
  ++counts_.frames;
  counts_.frame_bytes += body.size();
}

void FrameReader::log(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view piece = text.substr(0, end);
    while (!piece.empty()) {
      if (std::exchange(held_empty_line_, false)) emit({});
      const std::size_t room = limits_.line_bytes - std::min(line_.size(), limits_.line_bytes);
      if (room == 0) {
        emit(line_);
        line_.clear();
        continue;
      }
      line_.append(piece.substr(0, room));
      piece.remove_prefix(std::min(room, piece.size()));
    }
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
    end_line();
  }
}

void FrameReader::end_line() {
  while (line_.ends_with('\r')) line_.pop_back();
  if (std::exchange(held_empty_line_, false)) emit({});
  if (line_.empty()) {
    held_empty_line_ = true;
    return;
  }
  emit(line_);
  line_.clear();
}

void FrameReader::emit(std::string_view line) {
  ++counts_.lines;
  on_line_(line);
}

}  // namespace aios
