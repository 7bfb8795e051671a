// SPDX-License-Identifier: Apache-2.0
// Finds the frames in what a console wrote and hands everything else on as log lines. The guest is not trusted: bytes
// come in any order and amount, and a frame that is torn, glued to log text, longer than allowed or wrong by one bit is
// counted, read as log text and never half-believed. Memory is bounded by one frame and one line.
//
// Floods have bounds (frames and bytes a boot, frames a second): past one of them no frame of this boot is believed
// any more, and `overrun` says which bound it was.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/support/clock.h"

namespace aios {

struct FrameLimits {
  std::size_t body_bytes = 65536;          // of one frame; more is no frame
  std::size_t line_bytes = 4096;           // a longer log line comes in pieces
  std::uint64_t frames = 100'000;          // a boot
  std::uint64_t frame_bytes = 64U << 20;   // a boot
  std::uint64_t frames_a_second = 20'000;  // of the clock that was handed in
};

struct FrameCounts {
  std::uint64_t frames = 0;        // whole and believed
  std::uint64_t frame_bytes = 0;   // of these
  std::uint64_t bad_header = 0;    // a marker without a length and checksum behind it
  std::uint64_t too_long = 0;      // announced more than a frame may have
  std::uint64_t torn = 0;          // a line break or the end of the console before its own end
  std::uint64_t bad_checksum = 0;  // as long as announced, and not what was sent
  std::uint64_t bad_message = 0;   // whole, and its JSON made no sense to the receiver
  std::uint64_t dropped = 0;       // whole, but past a bound
  std::uint64_t lines = 0, bytes = 0;
  std::uint64_t damaged() const { return bad_header + too_long + torn + bad_checksum + bad_message; }
};

class FrameReader {
 public:
  // Takes the JSON of a whole frame; false: it made no sense (counted as bad_message).
  using OnFrame = std::function<bool(std::string_view body)>;
  using OnLine = std::function<void(std::string_view line)>;

  FrameReader(const Clock& clock, OnFrame on_frame, OnLine on_line, FrameLimits limits = {});

  void feed(std::string_view bytes);
  void finish();  // the console has ended: what is pending is log text

  const FrameCounts& counts() const { return counts_; }
  // Which bound the guest broke, as a sentence; empty: none.
  const std::string& overrun() const { return overrun_; }
  // A line that has begun and not ended (a prompt, the last words before a hang).
  std::string_view partial_line() const { return line_; }

 private:
  enum class Step { took, need_more };
  Step next();
  Step at_marker();
  void accept(std::string_view body);
  void refuse(std::uint64_t& counter);
  void log(std::string_view text);
  void end_line();
  void emit(std::string_view line);

  const Clock* clock_;
  OnFrame on_frame_;
  OnLine on_line_;
  FrameLimits limits_;
  FrameCounts counts_;
  std::string overrun_;
  std::string pending_;  // not yet known to be frame or log
  std::size_t at_ = 0;   // where in pending_
  bool ended_ = false;
  std::string line_;
  bool held_empty_line_ = false;  // the line break that a frame begins with is not a line of the log
  Duration second_began_{0};
  std::uint64_t in_this_second_ = 0;
};

}  // namespace aios
