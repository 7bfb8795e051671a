// SPDX-License-Identifier: Apache-2.0
// What is expected of a boot and how long that may take: ordered markers, the wanted end, deadlines and bounds. All
// durations are those of hardware; `scale` stretches every one of them (emulation is slower).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/clock.h"

namespace aios {

enum class WantedEnd {
  stays_alive,  // markers in order, then alive through the dwell
  power_off,    // the guest turns itself off (a reset counts where the machine has no power-off: see reset_is_off)
  guest_exit,   // through the exit device
  finished,     // says so over its protocol; may turn itself off afterwards
};

struct OutputBounds {
  std::uint64_t bytes = 64U << 20;
  std::uint64_t lines = 1'000'000;
  std::uint64_t lines_per_second = 100'000;  // kept up for ten seconds
  std::size_t line_length = 64U << 10;       // the rest of a longer line is dropped
  std::size_t kept_head = 64U << 10;         // bytes of the console kept as evidence
  std::size_t kept_tail = 256U << 10;
};

struct WatchPlan {
  std::vector<std::string> markers;  // plain texts, in order
  WantedEnd wanted = WantedEnd::stays_alive;
  bool reset_is_off = false;      // microvm: a guest turns itself off by a reset
  bool linux_crash_rules = true;  // panic and oops in Linux's words; never for a black box with markers of its own

  Duration deadline = std::chrono::seconds(60);
  Duration silence = std::chrono::seconds(20);             // until the first output of the guest
  Duration stall = std::chrono::seconds(30);               // without output, marker or frame
  Duration dwell = std::chrono::seconds(1);                // after the last marker
  Duration late = std::chrono::milliseconds(50);           // after "finished": a late oops is still one
  Duration settle = std::chrono::milliseconds(300);        // quiet after a panic before it is taken as told to the end
  Duration crash_grace = std::chrono::seconds(3);          // at most this long for the rest of a panic or oops
  Duration loader_grace = std::chrono::milliseconds(800);  // a loader's refusal may be followed by another try
  double scale = 1;

  OutputBounds bounds;
  Duration scaled(Duration d) const {
    return Duration(static_cast<Duration::rep>(static_cast<double>(d.count()) * scale));
  }
};

enum class FrameVerdict { not_a_frame, progress, finished };

// Where the lines of the guest go while it runs. All may be empty.
struct WatchHooks {
  // A line that carries "@AB1 ": from the mark on. Anything but not_a_frame keeps it out of the log.
  std::function<FrameVerdict(std::string_view line, Duration since_boot)> on_frame;
  std::function<void(std::string_view line, Duration since_boot)> on_log;
  std::function<void(std::string_view bytes)> on_bytes;  // raw console, for `shell`
  int input_fd = -1;                                     // what comes here is typed into the console
};

}  // namespace aios
