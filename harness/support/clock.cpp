// SPDX-License-Identifier: Apache-2.0
#include "harness/support/clock.h"

#include <algorithm>
#include <ctime>

namespace aios {

Duration SystemClock::monotonic() const { return std::chrono::steady_clock::now().time_since_epoch(); }

std::int64_t SystemClock::unix_seconds() const { return std::time(nullptr); }

int Deadline::left_ms(int limit) const {
  const auto ms = (left().count() + 999'999) / 1'000'000;
  return static_cast<int>(std::min<std::int64_t>(ms, limit));
}

std::string utc_time(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, size};
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace aios
