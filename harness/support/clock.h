// SPDX-License-Identifier: Apache-2.0
// Time as it is handed to the rest of the house: a Clock comes in from outside so that a test can hold it still.
// A Deadline is a point on a clock; "scale" stretches every deadline of a run at once (emulation is slower).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace aios {

using Duration = std::chrono::nanoseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Duration monotonic() const = 0;         // since an arbitrary start, never goes back
  virtual std::int64_t unix_seconds() const = 0;  // wall clock
};

class SystemClock final : public Clock {
 public:
  Duration monotonic() const override;
  std::int64_t unix_seconds() const override;
};

class ManualClock final : public Clock {
 public:
  Duration monotonic() const override { return now_; }
  std::int64_t unix_seconds() const override { return unix_; }
  void advance(Duration by) {
    now_ += by;
    unix_ += std::chrono::duration_cast<std::chrono::seconds>(by).count();
  }

 private:
  Duration now_{0};
  std::int64_t unix_ = 1'577'836'800;  // 2020-01-01
};

class Deadline {
 public:
  Deadline(const Clock& clock, Duration from_now) : clock_(&clock), at_(clock.monotonic() + from_now) {}
  bool passed() const { return clock_->monotonic() >= at_; }
  Duration left() const {
    const Duration now = clock_->monotonic();
    return now >= at_ ? Duration{0} : at_ - now;
  }
  // For ppoll and friends: milliseconds left, rounded up, at most `limit`.
  int left_ms(int limit = 1'000'000) const;

 private:
  const Clock* clock_;
  Duration at_;
};

// 2026-01-31T12:00:00Z
std::string utc_time(std::int64_t unix_seconds);
double seconds(Duration duration);

}  // namespace aios
